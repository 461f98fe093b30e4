"""Routes, matrices, alternatives, and why there is no way."""
