"""``manage.py import_meetings FILE-OR-FOLDER --intergroup SLUG``: take a Meeting Guide feed into the meeting list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.actions.meetings import import_meetings
from accounts.meeting_guide import Feed, FeedError, Outcome, Row, read_feed
from accounts.models.intergroup import Fellowship, Intergroup


class Command(BaseCommand):
    help = (
        "Reads a Meeting Guide feed (a .json file, or every .json file of a folder) and updates an office's meetings. "
        "Says for each row what was mended or refused, with -v 2 also what was taken. A broken file changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="FILE-OR-FOLDER")
        parser.add_argument("--intergroup", required=True, metavar="SLUG")
        parser.add_argument("--fellowship", metavar="CODE", help="needed if the office serves several fellowships")

    def handle(self, *args: Any, **options: Any) -> None:
        intergroup = _find_intergroup(options["intergroup"])
        fellowship = _find_fellowship(intergroup, options["fellowship"])
        broken = 0
        for path in _feed_files(options["path"]):
            try:
                self._import_file(path, intergroup, fellowship, verbosity=options["verbosity"])
            except FeedError as error:
                broken += 1
                self.stderr.write(f"{path.name}: {error} " + _("Nothing was changed."))
        if broken:
            raise CommandError(_("Files that could not be used: %(count)s.") % {"count": broken})

    def _import_file(self, path: Path, intergroup: Intergroup, fellowship: Fellowship, *, verbosity: int) -> None:
        feed = read_feed(path, zone=intergroup.zone)
        for row in feed.rows:
            if verbosity > 1 or (verbosity == 1 and row.outcome is not Outcome.TAKEN):
                self.stdout.write(_row_line(row))
        for note, rows in feed.remark_counts() if verbosity else ():
            self.stdout.write(_("%(rows)s rows: %(remark)s") % {"rows": rows, "remark": note})
        report = import_meetings(feed, intergroup=intergroup, fellowship=fellowship, by=None, source=path.name)
        self.stdout.write(
            f"{path.name}: {_counts_line(feed)} "
            + _("Meetings: %(created)s new, %(updated)s changed, %(unchanged)s as before, %(retired)s retired.")
            % {
                "created": report.created,
                "updated": report.updated,
                "unchanged": report.unchanged,
                "retired": report.retired,
            }
        )


def _row_line(row: Row) -> str:
    outcome = {Outcome.TAKEN: _("taken"), Outcome.MENDED: _("mended"), Outcome.REFUSED: _("refused")}[row.outcome]
    notes = [row.refusal] if row.refusal else [*row.mends, *row.remarks]
    words = " ".join(str(note) for note in notes)
    line = _("row %(number)s %(outcome)s: %(label)s") % {
        "number": row.number,
        "outcome": outcome,
        "label": row.label or "?",
    }
    return f"{line} – {words}" if words else line


def _counts_line(feed: Feed) -> str:
    return _("%(rows)s rows, %(taken)s taken, %(mended)s mended, %(refused)s refused.") % {
        "rows": len(feed.rows),
        "taken": feed.count(Outcome.TAKEN),
        "mended": feed.count(Outcome.MENDED),
        "refused": feed.count(Outcome.REFUSED),
    }


def _feed_files(path: Path) -> list[Path]:
    if not path.exists():
        raise CommandError(_("There is no file or folder “%(path)s”.") % {"path": path})
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.json"))
    if not files:
        raise CommandError(_("The folder “%(path)s” holds no .json file.") % {"path": path})
    return files


def _find_intergroup(slug: str) -> Intergroup:
    try:
        return Intergroup.objects.get(slug=slug)
    except Intergroup.DoesNotExist:
        known = ", ".join(Intergroup.objects.values_list("slug", flat=True))
        raise CommandError(
            _("There is no intergroup “%(slug)s”. Known: %(known)s.") % {"slug": slug, "known": known or "–"}
        ) from None


def _find_fellowship(intergroup: Intergroup, code: str | None) -> Fellowship:
    """The one that is named, or the only one that the intergroup serves."""
    served = {fellowship.code: fellowship for fellowship in intergroup.fellowships.all()}
    if code is None and len(served) == 1:
        return next(iter(served.values()))
    if code in served:
        return served[code]
    raise CommandError(
        _("Name one of the intergroup's fellowships with --fellowship: %(known)s.")
        % {"known": ", ".join(sorted(served)) or "–"}
    )
