"""The command `corridors` itself: its group, and the commands that it has.

Each module of this room holds the commands of one topic. They are made there without a group and joined to it here, so
that no module of commands imports this one.
"""

from __future__ import annotations

import click

import corridors as co
from corridors.cli.appraisals import appraise
from corridors.cli.comparisons import compare, list_scenarios, report
from corridors.cli.files import check, convert, init, versions
from corridors.cli.goods import flows, landed, split
from corridors.cli.lists import list_projects, places, print_schema
from corridors.cli.maps import draw_map, explore
from corridors.cli.plans import plan
from corridors.cli.quotes import quote
from corridors.cli.routes import matrix, route
from corridors.cli.validation import validate

TOPICS: dict[str, tuple[click.Command, ...]] = {
    "Ways": (route, matrix, quote),
    "Scenarios": (compare, report, list_scenarios),
    "Goods": (landed, split, flows),
    "Worth": (appraise, plan),
    "Maps": (draw_map, explore),
    "What there is": (places, list_projects, print_schema),
    "Data": (check, init, convert, validate, versions),
}
"""Commands by topic, as the help lists them."""


class Topics(click.Group):
    """A group that lists its commands by topic, and ends its help with an example of each of the first topics."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as in click
        """Write the commands of every topic."""
        for topic, commands in TOPICS.items():
            with formatter.section(topic):
                formatter.write_dl([(str(one.name), one.get_short_help_str(80)) for one in commands])
        with formatter.section("Examples"):
            for topic in ("Ways", "Scenarios", "Goods"):
                first = TOPICS[topic][0]
                formatter.write(f"  {getattr(first, 'examples', ('',))[0]}\n")


@click.group(cls=Topics, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(co.__version__, prog_name="corridors")
def main() -> None:
    """Freight corridors from Kazakhstan through Afghanistan to the ports of South Asia.

    'corridors COMMAND --help' has the options of a command, their units, and examples. Exit codes: 0; 1 where there is
    no answer, such as no way; 2 where something that was typed cannot be used.
    """


for commands in TOPICS.values():
    for command in commands:
        main.add_command(command)

if __name__ == "__main__":
    main()
