"""What coordinators see of a round: names, points, reasons in words, and counts of which the small ones are hidden."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Gender, Intergroup, Language, Mode, User
from matching import office_words
from matching.disclosure import disclosed
from matching.engine import Rule
from matching.models import PairOutcome, Round, RoundLeft, RoundPair, RoundSponsor
from matching.models.care import too_near
from matching.office_words import Reason
from matching.queries.around import waiting


@dataclass(frozen=True)
class Table:
    """Counts by group in words: rows of (group, asked, served)."""

    caption: str
    headers: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Since:
    """Who began to wait after the people of a round were read, and who of them waits no more."""

    joined: int
    gone: int


def listed(intergroup: Intergroup) -> QuerySet[Round]:
    """The rounds of an intergroup, newest first."""
    return Round.objects.filter(intergroup=intergroup).order_by("-made_at")


def rounds_for(user: User) -> QuerySet[Round]:
    """The rounds a coordinator may open, each with its intergroup."""
    return Round.objects.for_coordinator(user).select_related("intergroup")


def since(round_: Round) -> Since:
    """How far a preview lags behind; one query."""
    pairs, left = round_.pairs.values("request"), round_.left_over.values("request")
    known = Count("pk", filter=Q(pk__in=pairs) | Q(pk__in=left))
    counts = waiting(round_.intergroup).order_by().aggregate(all=Count("pk"), known=known)
    return Since(joined=counts["all"] - counts["known"], gone=round_.newcomers - counts["known"])


def pairs(
    round_: Round, viewer: User, *, sponsor: UUID | None = None, outcomes: Sequence[PairOutcome] = ()
) -> QuerySet[RoundPair]:
    """The pairs with their names, the longest wait first; those near the viewer are for another coordinator.

    Args:
        sponsor, outcomes: Only the pairs of this sponsor, and only those of which this became.
    """
    others = round_.pairs.exclude(too_near(viewer, "newcomer", "sponsor"))
    if sponsor is not None:
        others = others.filter(sponsor=sponsor)
    if outcomes:
        others = others.filter(outcome__in=outcomes)
    return others.select_related("newcomer__profile", "sponsor__profile", "request").order_by("request__asked_at", "pk")


def left_over(round_: Round, viewer: User) -> QuerySet[RoundLeft]:
    """Whom the round leaves over, the longest wait first."""
    others = round_.left_over.exclude(too_near(viewer, "newcomer"))
    return others.select_related("newcomer__profile", "request").order_by("request__asked_at", "pk")


def loads(round_: Round, viewer: User) -> QuerySet[RoundSponsor]:
    """What each sponsor gets, the most first."""
    busy = round_.loads.filter(given__gt=0).exclude(too_near(viewer, "sponsor"))
    return busy.select_related("sponsor__profile").order_by("-given", "free", "pk")


def why_left(row: RoundLeft) -> list[Reason]:
    """Why there was nobody, in the coordinators' words, the commonest reason first."""
    if row.eligible:
        needed = ngettext(
            "%(count)s sponsor fits, and is needed by others",
            "%(count)s sponsors fit, and are needed by others",
            row.eligible,
        )
        return [Reason(needed % {"count": row.eligible})]
    return office_words.counted(row.excluded) or [Reason(_("There are no sponsors yet"))]


def outcome(pair: RoundPair) -> str:
    """What became of a pair, and why."""
    words = str(PairOutcome(pair.outcome).label)
    if not pair.broken:
        return words
    return _("%(outcome)s: %(reason)s") % {"outcome": words, "reason": office_words.RULE_BROKEN[Rule(pair.broken)]}


def load(row: RoundSponsor) -> str:
    """How many of a sponsor's free seats are given: "1 of 2 free seats"."""
    return ngettext("%(given)s of %(free)s free seat", "%(given)s of %(free)s free seats", row.free) % {
        "given": row.given,
        "free": row.free,
    }


def tables(round_: Round) -> list[Table]:
    """Who was served, by group, and how the load is spread."""
    told = round_.fairness
    if not told:
        return []
    groups: list[tuple[str, str, Callable[[str], str]]] = [
        (_("By language"), "languages", _language),
        (_("By gender"), "genders", lambda key: str(Gender(key).label) if key else _("Not stated")),
        (_("By way to meet"), "modes", lambda key: str(Mode(key).label)),
        (_("By time of waiting"), "waiting", lambda key: str(office_words.WAITING_BANDS[key])),
    ]
    bands = {band: told["waiting"][band] for band in office_words.WAITING_BANDS if band in told["waiting"]}
    told = {**told, "waiting": bands}
    headers = [_("Group"), _("Waited"), _("Find somebody")]
    found = [Table(caption, headers, _shares(told[name], words)) for caption, name, words in groups]
    given: Mapping[str, int] = told["given"]
    spread = [[number, count] for number, count in zip(given, hidden(list(given.values())), strict=True)]
    return [*found, Table(_("How the load is spread"), [_("People given"), _("Sponsors")], spread)]


def hidden(counts: Sequence[int]) -> list[str]:
    """Counts as text, those that may not be shown as words."""
    words = _("not shown")
    return [words if one is None else str(one) for one in disclosed(counts)]


def _shares(shares: Mapping[str, Mapping[str, int]], words: Callable[[str], str]) -> list[list[str]]:
    asked = hidden([share["asked"] for share in shares.values()])
    served = hidden([share["served"] for share in shares.values()])
    return [list(row) for row in zip(map(words, shares), asked, served, strict=True)]


def _language(code: str) -> str:
    return str(Language(code).label) if code in Language.values else code
