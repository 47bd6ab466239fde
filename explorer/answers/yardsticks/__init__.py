"""What a figure is read beside: baselines, rank, and how stable a dependency is."""
