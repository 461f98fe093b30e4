"""The model: a network in view, its expansion into a graph of states, and the question put to it."""
