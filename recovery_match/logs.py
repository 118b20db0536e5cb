"""What may stand in a log, by a list of what is allowed: templates of messages, numbers, ids, moments, names of our own
tasks. Everything else a message is given is left out, and so is the text of every exception: a database names the value
that is there twice, a mail server the address it refuses.

Of an exception stay its class and where it came from, so that whoever runs the site finds the line.
"""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from http import HTTPStatus
from typing import Any
from uuid import UUID

LEFT_OUT = "(left out)"
OURS = ("accounts", "matching", "recovery_match")
# These tell of themselves, of the broker and of processes, in words that are written in their code.
OF_THEMSELVES = ("celery.beat", "celery.worker", "celery.apps", "kombu", "gunicorn")

_PLAIN = (bool, int, float, UUID, date, timedelta)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,60}")
_KNOWN = re.compile(r"(?:matching|accounts)\.[a-z_.]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORDS = {status.phrase for status in HTTPStatus} | {"raised unexpected", "raised expected"}


class Scrubbed(logging.Formatter):
    """One line a record, with what is allowed of it; below it, where an exception came from."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; the record itself is left as it is, for other handlers."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name} {_said(record)}"
        error = record.exc_info[1] if record.exc_info else None
        return "\n".join([line, *_way(error)]) if error is not None else line


def _said(record: logging.LogRecord) -> str:
    ours = _is_of(record.name, OURS)
    if not isinstance(record.msg, str):
        return _allowed(record.msg, ours)
    if not record.args:
        # Without arguments, a message of others may have been put together from anything.
        return record.msg if ours or _is_of(record.name, OF_THEMSELVES) else LEFT_OUT
    try:
        return str(record.msg % _arguments(record.args, ours))
    except (TypeError, ValueError, KeyError):
        # A template that wants a number where something was left out.
        return record.msg


def _arguments(given: Any, ours: bool) -> Any:
    if isinstance(given, Mapping):
        return {
            name: _Word(_allowed(value, ours)) if isinstance(value, str) else _plain(value, ours)
            for name, value in given.items()
        }
    return tuple(_plain(value, ours) for value in given)


class _Word(str):
    """A text that shows no quotes around itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _plain(value: Any, ours: bool) -> Any:
    return value if isinstance(value, _PLAIN) else _Word(_allowed(value, ours))


def _allowed(value: Any, ours: bool) -> str:
    if value is None or isinstance(value, _PLAIN):
        return str(value)
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, type):
        return value.__name__
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, str) and (value in _WORDS or (_NAME if ours else _KNOWN).fullmatch(value)):
        return value
    return LEFT_OUT


def _is_of(name: str, families: tuple[str, ...]) -> bool:
    return any(name == family or name.startswith(f"{family}.") for family in families)


def _way(error: BaseException, depth: int = 0) -> Iterator[str]:
    """An exception and what led to it, the oldest first, without a word of what they say."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and depth < 5:
        yield from _way(before, depth + 1)
        yield "which led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    yield f"{type(error).__module__}.{type(error).__qualname__}"
