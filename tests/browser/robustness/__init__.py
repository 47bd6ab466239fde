"""Foreign images and cut networks in a browser."""
