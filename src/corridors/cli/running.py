"""How commands run: errors and warnings as plain lines in the words of the shell, and help with examples.

The exit code is 0, or 2 where something that was typed cannot be used, or 1 where there is no answer: no way between
two places, errors in the data, no room on the disk.
"""

from __future__ import annotations

import errno
import io
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

import corridors as co
from corridors.cli.words import in_words_of_the_shell, plain_words

NO_ANSWER = (co.NoRouteError, co.SearchLimitError, co.MemoryLimitError, co.MissingPackageError)
"""Errors that are no fault of what was typed."""


class Refused(click.ClickException):
    """What was typed cannot be used."""

    exit_code = 2


class Command(click.Command):
    """A command whose errors are sentences; its help ends with examples.

    Parameters
    ----------
    examples
        Lines as a user types them, each with what it does after a `#`.
    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(examples)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _plainly(ctx):
            return super().invoke(ctx)

    def get_help(self, ctx: click.Context) -> str:
        """Help with question marks for letters that the terminal or pipe does not have."""
        encoding = getattr(sys.stdout, "encoding", None) or "utf8"
        return super().get_help(ctx).encode(encoding, "replace").decode(encoding)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples under the options."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for example in self.examples:
                    formatter.write(f"  {example}\n")


def command(name: str, *examples: str) -> Callable[[Callable[..., None]], Command]:
    """Make a function a command.

    Parameters
    ----------
    name
        Name of the command.
    examples
        Lines as a user types them, for the help.
    """
    return click.command(name, cls=Command, examples=examples)


@contextmanager
def _plainly(ctx: click.Context) -> Iterator[None]:
    """Turn the errors and warnings of the library into plain lines."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", co.CorridorsWarning)
        warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {plain_words(str(message))}", err=True)
        try:
            _tolerate(sys.stdout)
            yield
            sys.stdout.flush()
        except NO_ANSWER as error:
            raise click.ClickException(in_words_of_the_shell(error, ctx)) from error
        except co.CorridorsError as error:
            raise Refused(in_words_of_the_shell(error, ctx)) from error
        except UnicodeEncodeError as error:
            wrong = error.object[error.start]
            hint = "set the environment variable PYTHONUTF8=1, or write a file with --out."
            raise click.ClickException(f"{wrong!a} cannot be written in {error.encoding}: {hint}") from error
        except OSError as error:
            # a reader that has seen enough, such as head, is no error; click ends quietly
            if error.errno == errno.EPIPE:
                raise
            raise click.ClickException(f"{error.strerror or error}: {error.filename or 'output'}") from error


def _tolerate(screen: object) -> None:
    """Let a screen show a question mark for a letter that it does not have; files and pipes keep every letter."""
    if isinstance(screen, io.TextIOWrapper) and screen.isatty():
        screen.reconfigure(errors="replace")
