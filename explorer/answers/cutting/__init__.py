"""What cutting dependencies did: to them, to all others, to accuracy and to robustness."""
