"""How a measuring process speaks to the command that started it: one JSON object a line, a line for people or rows."""

import json
import signal
import sys
from collections.abc import Iterable, Mapping


def say(*lines: str) -> None:
    """For people."""
    for line in lines:
        _write({"line": line})


def keep(rows: Iterable[Mapping[str, object]]) -> None:
    """All rows so far: a later case may be interrupted."""
    _write({"rows": list(rows)})


def _write(said: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def end_on_signals() -> None:
    """Let a wish to end be heard once, so that the ending itself is not cut short."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


def _end(*_: object) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(1)
