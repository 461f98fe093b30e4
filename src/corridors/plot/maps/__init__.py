"""Maps for screen and print."""
