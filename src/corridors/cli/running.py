"""How commands run: errors and warnings of the library as plain lines, on any screen."""

from __future__ import annotations

import errno
import io
import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

import corridors as co


def plainly(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the library's errors and warnings into plain lines."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("always", co.CorridorsWarning)
            warnings.showwarning = lambda message, *_, **__: click.echo(f"warning: {message}", err=True)
            try:
                _tolerate(sys.stdout)
                command(*args, **kwargs)
                sys.stdout.flush()
            except co.CorridorsError as error:
                raise click.ClickException(str(error)) from error
            except UnicodeEncodeError as error:
                wrong = error.object[error.start]
                hint = "set the environment variable PYTHONUTF8=1, and write into a file that is read as UTF-8."
                raise click.ClickException(f"{wrong!a} cannot be written in {error.encoding}: {hint}") from error
            except OSError as error:
                # a reader that has seen enough, such as head, is no error; click ends quietly
                if error.errno == errno.EPIPE:
                    raise
                raise click.ClickException(f"{error.strerror or error}: {error.filename or 'output'}") from error

    return run


def _tolerate(screen: object) -> None:
    """Let a screen show a question mark for a letter that it does not have; files and pipes keep every letter."""
    if isinstance(screen, io.TextIOWrapper) and screen.isatty():
        screen.reconfigure(errors="replace")
