"""Questions to the tables: pure functions from frames to frames."""
