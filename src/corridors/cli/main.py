"""The command `corridors` itself: its group, and the commands that it has.

Each module of this room holds the commands of one topic. They are made there without a group and joined to it here, so
that no module of commands imports this one.
"""

from __future__ import annotations

import click

import corridors as co
from corridors.cli.comparisons import compare, list_scenarios, report
from corridors.cli.files import check, convert, init, print_schema
from corridors.cli.goods import landed
from corridors.cli.routes import route
from corridors.cli.validation import validate

COMMANDS: tuple[click.Command, ...] = (
    route,
    check,
    validate,
    init,
    convert,
    print_schema,
    compare,
    landed,
    list_scenarios,
    report,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(co.__version__, prog_name="corridors")
def main() -> None:
    """Freight corridors from Kazakhstan through Afghanistan to the ports of South Asia."""


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
