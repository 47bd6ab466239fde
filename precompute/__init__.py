"""From images to neural dependencies: everything that runs once per model and writes the atlas."""
