"""Maps and charts."""
