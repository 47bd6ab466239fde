"""The whole graph of one network."""
