"""Features of a network on its images: kept in place of logits, or made later for those who ask."""
