"""The map alone, on a page with nothing else."""
