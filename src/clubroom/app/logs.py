"""Logs: the one place that sets them up, for this process and what it uses.

A line tells when, how grave, what happened, some fields, and who says it. It never tells what people write,
who they are, or what opens a door. Three things keep that so: our own events are fixed sentences with chosen
fields; of an error its kind and place are told and not its words, which may repeat a value (PostgreSQL's name
the row); of what others log only the first line is kept. All of it is escaped, so that nobody forges a line.
"""

import json
import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any, Literal, TextIO

from clubroom.errors import ClubroomError

Form = Literal["plain", "json"]
Level = Literal["debug", "info", "warning", "error"]

OURS = "clubroom"
STACK_FRAMES_MAX = 30
CAUSES_MAX = 5

call_id: ContextVar[str] = ContextVar("call_id", default="")
"""Names the HTTP call that is being answered, in every line that is logged meanwhile."""

ours = logging.getLogger(OURS)
started = logging.getLogger("clubroom.app.start")


def set_up(form: Form, level: Level, stream: TextIO | None = None) -> logging.Handler:
    """For the whole process, uvicorn included. Of what others say only warnings and worse are logged, however
    low `level` is: we cannot vouch for their details.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json() if form == "json" else Plain())
    ours.setLevel(level.upper())
    logging.basicConfig(level=max(logging.WARNING, ours.level), handlers=[handler], force=True)
    started.setLevel(logging.INFO)  # a host always wants to know whether it is open
    sys.excepthook = lambda _, error, __: ours.critical("It failed and ends.", exc_info=error)
    sys.unraisablehook = lambda met: ours.error("An error had nobody to go to.", exc_info=met.exc_value)
    return handler


def tell(line: str) -> None:
    """What is printed for a person at a terminal, as a line of the log."""
    started.info(line)


class Json(logging.Formatter):
    """One object a line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        head = {
            "time": _moment(record, "milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        return json.dumps(head | _fields(record) | _failure(record), default=str)


class Plain(logging.Formatter):
    """For people. What stands below a line, where an error happened, is set in."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and those below it."""
        fields = "".join(f" {name}={_value(value)}" for name, value in _fields(record).items())
        head = f"{_moment(record, 'seconds')} {record.levelname.lower():<8}{escaped(_event(record))}{fields}"
        trace = [f"    {escaped(line)}" for line in _failure(record).get("trace", ())]
        return "\n".join([f"{head} [{record.name}]", *trace])


def escaped(text: str) -> str:
    """What is no visible character is written as in Python: a line stays one, and reads from the left."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _value(value: object) -> str:
    """A word as it is, anything else in quotes."""
    text = str(value)
    plain = text.isascii() and text.isprintable() and text and not set(text) & set(' "=\\')
    return text if plain else json.dumps(text)


def _moment(record: logging.LogRecord, precision: str) -> str:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec=precision)
    return moment.replace("+00:00", "Z")


def _event(record: logging.LogRecord) -> str:
    said = record.getMessage()
    return said if record.name.partition(".")[0] == OURS else said.partition("\n")[0]


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    call = {"call": name} if (name := call_id.get()) else {}
    fields: dict[str, Any] = getattr(record, "fields", {})
    return call | fields


def _failure(record: logging.LogRecord) -> dict[str, Any]:
    """The kind of an error; and of it and each of its causes the kind again, with where it came from."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    trace: list[str] = []
    for one in _causes(error):
        frames = extract_tb(one.__traceback__)[-STACK_FRAMES_MAX:]
        trace += [_kind(one), *(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)]
    return {"error": _kind(error), "trace": trace}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and so on; of a group the first."""
    current: BaseException | None = error
    for _ in range(CAUSES_MAX):
        if current is None:
            return
        yield current
        if isinstance(current, BaseExceptionGroup):
            current = current.exceptions[0]
        else:
            current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def _kind(error: BaseException) -> str:
    """Its class, and what says more without repeating a value."""
    names = ("code",) if isinstance(error, ClubroomError) else ("sqlstate", "constraint_name", "errno")
    more = [f" {name}={value}" for name in names if (value := getattr(error, name, None)) is not None]
    return f"{type(error).__module__}.{type(error).__qualname__}{''.join(more)}"
