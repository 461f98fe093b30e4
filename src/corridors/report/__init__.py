"""The report: the network with and without a railway, as one page with its tables, maps and geodata beside it."""

from corridors.report.folder import write_report
from corridors.report.study import DESTINATIONS, SCENARIOS, Study, study

__all__ = ["DESTINATIONS", "SCENARIOS", "Study", "study", "write_report"]
