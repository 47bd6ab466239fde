"""The page on redundancy."""
