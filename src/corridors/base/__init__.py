"""What every room stands on: errors, names, numbers, dates, units, progress, work in parallel, drawing by name."""
