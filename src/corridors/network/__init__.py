"""The network, and what makes another of it: dates, projects, closures, joins, selections."""
