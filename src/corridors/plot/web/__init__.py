"""What an interactive map holds: base map, contents of networks and journeys as plain data, and the page."""
