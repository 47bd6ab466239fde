"""What foreign images are told by, and what is usual for a network."""
