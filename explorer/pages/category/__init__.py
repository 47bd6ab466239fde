"""One category: its equation, and how well it holds."""
