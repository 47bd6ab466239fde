"""The folder of results: its contract, its files, names of categories, and how a run talks."""
