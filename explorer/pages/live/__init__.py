"""A picture of the reader's own."""
