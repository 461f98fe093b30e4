"""Charts of routes and comparisons."""
