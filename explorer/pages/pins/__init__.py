"""The working set: pinned categories, and what connects them."""
