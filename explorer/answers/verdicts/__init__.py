"""What the figures say about claims, in words; a claim that fails is said to fail."""
