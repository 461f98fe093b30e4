"""What is measured against which rival, and how: see `docs/benchmarks.md`."""
