"""How redundant the categories are, and what their dependencies agree with: pure functions of tables."""
