"""Whether a project pays: benefit of given flows, cost, years, break-even, and what closures of borders leave of it."""
