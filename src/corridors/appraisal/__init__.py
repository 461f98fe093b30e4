"""Whether projects pay, which are built first, and how the answer stands against other futures."""
