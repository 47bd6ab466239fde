"""The reader's state: what is chosen, kept, visited, and read once for all."""
