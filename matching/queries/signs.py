"""Signs of what works and what does not, in words a volunteer understands, each red one with what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching.queries import health

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that works or does not; ``command`` is what to run on the server when it does not."""

    title: str
    works: bool
    found: str
    todo: str = ""
    command: str = ""


def span(seconds: int) -> str:
    """A length of time in its largest unit."""
    if seconds < 2 * MINUTE:
        return ngettext("%(number)s second", "%(number)s seconds", seconds) % {"number": seconds}
    if seconds < 120 * MINUTE:
        return ngettext("%(number)s minute", "%(number)s minutes", seconds // 60) % {"number": seconds // 60}
    return ngettext("%(number)s hour", "%(number)s hours", seconds // 3600) % {"number": seconds // 3600}


def broker_sign(broker: health.Broker | None) -> Sign:
    title = _("Broker (Valkey)")
    if broker is None:
        todo = _("Nothing is lost: messages are in the database and go out once it is back. Start it again:")
        return Sign(title, False, _("It does not answer."), todo, "docker compose restart valkey")
    calls = ngettext("%(number)s call waits for a worker.", "%(number)s calls wait for a worker.", broker.calls)
    return Sign(title, True, _("It answers.") + " " + calls % {"number": broker.calls})


def worker_signs(broker: health.Broker | None, age: int | None) -> list[Sign]:
    """Beat calls each few seconds and a worker answers: with calls piled up it is the worker that is silent, with none
    it is beat."""
    worker, beat = _("Worker"), _("Beat, which calls the worker")
    if age is not None and age <= health.WORKER_SILENT.total_seconds():
        seen = _("Last seen %(time)s ago.") % {"time": span(age)}
        return [Sign(worker, True, seen), Sign(beat, True, _("It calls."))]
    seen = _("Never seen.") if age is None else _("Last seen %(time)s ago.") % {"time": span(age)}
    if broker is None:
        todo = _("It can't work without the broker. Mend that first, then look here again in a minute.")
        return [Sign(worker, False, seen, todo)]
    if broker.calls:
        todo = _("Calls wait and nobody takes them. Nothing is lost, but no message goes out. Start it again:")
        return [Sign(worker, False, seen, todo, "docker compose restart worker"), Sign(beat, True, _("It calls."))]
    todo = _(
        "No call waits for the worker, so nobody calls it. No message goes out until somebody does. Start it again:"
    )
    return [Sign(beat, False, _("The worker was not called for a while."), todo, "docker compose restart beat")]


def message_sign(oldest: int) -> Sign:
    title = _("Messages go out")
    if not oldest:
        return Sign(title, True, _("Nothing is due."))
    found = _("The oldest one has waited %(time)s.") % {"time": span(oldest)}
    if oldest <= health.NOTICE_WAITS.total_seconds():
        return Sign(title, True, found)
    todo = _("If the worker is well, the mail server may be refusing us. See what the worker says about it:")
    return Sign(title, False, found, todo, "docker compose logs --since 15m worker")


def task_sign(late: Sequence[str], worker: int | None) -> Sign:
    title = _("Regular tasks")
    if not late:
        return Sign(title, True, _("Each one ran when it should."))
    found = _("These have not ended for too long: %(tasks)s.") % {"tasks": ", ".join(late)}
    if worker is None or worker > health.WORKER_SILENT.total_seconds():
        return Sign(title, False, found, _("They need worker and beat. Mend those first."))
    todo = _("Worker and beat are well, so the task itself may stop on an error. See what the worker says about it:")
    return Sign(title, False, found, todo, "docker compose logs --since 1h worker")


def aside_sign(number: int) -> Sign:
    title = _("Messages set aside")
    if not number:
        return Sign(title, True, _("None."))
    found = ngettext(
        "%(number)s message could not be sent, after six tries.",
        "%(number)s messages could not be sent, after six tries each.",
        number,
    )
    return Sign(title, False, found % {"number": number}, _("They are listed below, with a button to send them again."))


def office_sign(empty: Sequence[str], deaf: Sequence[str]) -> Sign:
    """``empty`` offices have nobody, ``deaf`` ones nobody who hears what members report."""
    title = _("Coordinators")
    if not empty and not deaf:
        return Sign(title, True, _("Each office has somebody."))
    told = [_("No coordinator: %(offices)s.") % {"offices": ", ".join(empty)}] if empty else []
    if rest := [name for name in deaf if name not in empty]:
        told.append(_("Nobody for what members report: %(offices)s.") % {"offices": ", ".join(rest)})
    found = " ".join(told)
    todo = _("Nobody sees what waits there. Ask the office for a name, and add a term in the operators' lists.")
    return Sign(title, False, found, todo)


def round_sign(hanging: int) -> Sign:
    title = _("Rounds")
    if not hanging:
        return Sign(title, True, _("None hangs."))
    found = ngettext("%(number)s round hangs.", "%(number)s rounds hang.", hanging) % {"number": hanging}
    todo = _("A worker may be missing or too busy. The coordinators can cancel a round and start it anew.")
    return Sign(title, False, found, todo)
