"""The parts of pages that have more than one view."""
