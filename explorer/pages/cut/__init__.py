"""The page of cut networks."""
