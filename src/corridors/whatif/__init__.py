"""Scenarios and what they change: steps, comparisons, flows, simulations."""
