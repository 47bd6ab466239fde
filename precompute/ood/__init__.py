"""Foreign images: telling by a network's logits that an image is unlike those that the network knows."""
