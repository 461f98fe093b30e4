"""Whether projects pay, which are built first, and how the answer stands against closed borders and other futures."""
