"""What an equation has to beat, and how steady it is: controls, baselines, half-samples."""
