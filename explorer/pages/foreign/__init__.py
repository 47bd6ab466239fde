"""The page on foreign images."""
