"""Write `commands.md` from the help of the commands: run by `make docs`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from corridors.cli.main import TOPICS
from corridors.cli.options import NETWORK, options

HERE = Path(__file__).parent
GENERATED = "<!-- Written by docs/commands.py from src/corridors/cli: change that and run `make docs`. -->"

INTRODUCTION = """\
Everything that the command `corridors` does, with its options, their units and examples. `corridors COMMAND --help`
shows the same. Each command is a function of the library with the same words, so what is said there holds here.

## What all commands have in common

- **Places** are ids (`almaty`), names in any common spelling and script (`Алматы`, `کابل`), names with their country
  (`"Kabul, Afghanistan"`), or latitude and longitude in degrees (`43.25,76.95`). A point is joined to the network by a
  road if it lies within `--max-km` of it; a town of the gazetteer is joined with `--connect`. A name that several
  places bear is an error that lists them. `corridors places NAME` says what a name means.
- **Networks**: without `--data` the reference network in normal operation. Changes are made in this order: `--connect`,
  `--at`, `--season`, `--close`, `--open`, `--build`. `--build` takes projects, scenarios (`uap-kabul/long`) and TOML
  files; a name that is both is the project.
- **Forms**: `--format table` is to be read, `json` is a list of records, `csv` has a heading and rows, `geojson` has
  features in WGS 84. `--out FILE` writes a file in UTF-8 whose ending tells the form. What is unknown or has no way is
  `null` in JSON. A route is a list of one record, too, so that programs need one form for any `-k`.
- **Exit codes**: 0; 1 where there is no answer, such as no way between two places, or errors in the data that is
  checked; 2 where something that was typed cannot be used. Errors and warnings go to the standard error, in one
  sentence with near matches.
- **Letters**: output is written in the encoding of the terminal or pipe. A screen shows a question mark for a letter
  that it does not have. A pipe that cannot take a letter is an error: `--out FILE`, or the environment variable
  `PYTHONUTF8=1`, keeps all letters.
- **Pipes** may be closed early: `corridors places | head -1` ends quietly.

## Completion

The shell completes commands, options, and names of places, projects, scenarios, goods, crossings and countries (of the
reference network) after the tabulator key. Nothing has to be installed besides the package. For bash 4.4 or newer,
once, and then in every new shell:

```sh
mkdir -p ~/.local/share/bash-completion/completions
_CORRIDORS_COMPLETE=bash_source corridors > ~/.local/share/bash-completion/completions/corridors
```

For zsh, and for fish:

```sh
_CORRIDORS_COMPLETE=zsh_source corridors > ~/.corridors-completion.zsh  # in ~/.zshrc: . ~/.corridors-completion.zsh
_CORRIDORS_COMPLETE=fish_source corridors > ~/.config/fish/completions/corridors.fish
```

The package is loaded for every completion, which takes one to two seconds."""


def main() -> None:
    """Write the page beside this script."""
    (HERE / "commands.md").write_text(commands_page(), encoding="utf8")


def commands_page() -> str:
    """The text of `commands.md`."""
    parts = ["# Commands", GENERATED, INTRODUCTION, "## Options of the network", table(network_options())]
    for topic, commands in TOPICS.items():
        parts.append(f"## {topic}")
        for command in commands:
            parts += described(command, "corridors")
    return "\n\n".join(parts) + "\n"


def described(command: click.Command, path: str) -> Iterator[str]:
    """Heading, usage, text, options and examples of a command and of those inside it."""
    path = f"{path} {command.name}"
    words = [argument(param) for param in command.params if isinstance(param, click.Argument)]
    usage = ["COMMAND"] if inner(command) else ["[OPTIONS]", *words]
    yield f"### {path}"
    yield "\n".join(["```text", " ".join([path, *usage]), "```"])
    yield inspect.cleandoc(command.help or "")
    own = [param for param in command.params if isinstance(param, click.Option)]
    shared = {param.name for param in network_options()}
    if shared <= {param.name for param in own}:
        own = [param for param in own if param.name not in shared]
        yield "Besides its own, it has the [options of the network](#options-of-the-network)."
    if own:
        yield table(own)
    if examples := getattr(command, "examples", ()):
        yield "\n".join(["```sh", *examples, "```"])
    for one in inner(command):
        yield from described(one, path)


def network_options() -> list[click.Option]:
    """Options that most commands share."""

    @options(*NETWORK)
    def nothing() -> None: ...

    return [param for param in click.command()(nothing).params if isinstance(param, click.Option)]


def table(some: list[click.Option]) -> str:
    """Options as a table."""
    return "\n".join(["| Option | What it does |", "| --- | --- |", *map(row, some)])


def inner(command: click.Command) -> list[click.Command]:
    """Commands of a group."""
    return list(command.commands.values()) if isinstance(command, click.Group) else []


def argument(param: click.Argument) -> str:
    """Argument as the usage shows it."""
    word = f"{str(param.name).upper()}{'...' if param.nargs == -1 else ''}"
    return word if param.required else f"[{word}]"


def row(param: click.Option) -> str:
    """Row of one option: flags, values, text and default."""
    flags = ", ".join(param.opts)
    text = " ".join(str(param.help).split())
    if param.show_default:
        text = f"{text} Default: {param.default}."
    return f"| `{flags}{value(param)}` | {text} |"


def value(param: click.Option) -> str:
    """What stands after a flag."""
    if param.is_flag:
        return ""
    if isinstance(param.type, click.Choice):
        return f" {'/'.join(map(str, param.type.choices))}"
    return f" {param.metavar}"


if __name__ == "__main__":
    main()
