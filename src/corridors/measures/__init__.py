"""What a planner asks of networks: connectivity, reach, redundancy, losses, attribution, robustness."""
