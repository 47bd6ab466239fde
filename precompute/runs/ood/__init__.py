"""Foreign images: what `ood` does, from the images to the judgement of every score."""
