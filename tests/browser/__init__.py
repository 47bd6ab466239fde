"""A real Chromium before the dashboard. A package, so that all its tests share one of each."""
