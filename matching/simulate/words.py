"""What a comparison rests on, in sentences for the terminal and for the picture."""

from matching.simulate import people
from matching.simulate.assumptions import Assumptions, Span
from matching.simulate.compare import Comparison, Result

DISCLAIMER = "Simulated. Nothing here is measured."

PLAYED = (
    "The people, their states and every hard rule, score and round are handled by the application's own engine and "
    "tables of moves. Three suggestions at most; after three refusals or 72 h a coordinator's task; closed after 60 "
    "days; sponsors confirm each 35 days; a trial of 90 days."
)
NOT_PLAYED = (
    "Temporary contacts, blocks, holidays, people who change their answers, and safety, which is what the "
    "review is for: only its price in hours shows here."
)

_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def headline(comparison: Comparison) -> str:
    """What was played, in one sentence."""
    assumed, years = comparison.assumed, len(comparison.seeds)
    return (
        f"{assumed.arrivals_a_week:g} newcomers a week ask for {_several(comparison.weeks, 'week')}, "
        f"{assumed.sponsors} sponsors are there at the start. Every policy meets the same people and the same chances"
        f"{f', in {years} seeded years' if years > 1 else ''}."
    )


def assumptions(assumed: Assumptions) -> list[tuple[str, str]]:
    """Everything that is taken for granted: about whom, and what."""
    seats = sum(number * weight for number, weight in assumed.seats) / sum(weight for _, weight in assumed.seats)
    begins, ends = assumed.awake
    return [
        (
            "Newcomers",
            f"{assumed.arrivals_a_week:g} ask a week. They first choose {_within(assumed.first_choice_hours, 'h')} and "
            f"answer later notices {_within(assumed.return_hours, 'h')}; when nobody is suggested they look again "
            f"{_within(assumed.look_again_hours, 'h')}; {percent(assumed.never_return)} never come "
            f"back. Each would take {percent(assumed.willing)} of those suggested; {percent(assumed.own_order)} rank "
            f"by taste. One finds somebody in a meeting after {assumed.finds_elsewhere_days:g} days on average.",
        ),
        (
            "Sponsors",
            f"{assumed.sponsors} at the start, {assumed.sponsors_a_week:g} more a week, each for "
            f"{assumed.sponsor_weeks:g} weeks on average, with {seats:.1f} seats, {percent(assumed.seats_in_use)} of "
            f"them taken at the start. They confirm late {percent(assumed.forgets)} of the time, "
            f"{_within(assumed.late_days, 'days')} after it was due.",
        ),
        (
            "Answers",
            f"Sponsors answer {_within(assumed.answer_hours, 'h')}, some always slower than others; "
            f"{percent(assumed.never_answer)} of offers get no answer. {percent(assumed.yes)} say yes, and "
            f"{percent(assumed.pauses)} of those who say no pause for {assumed.pause_days} days. Nobody acts from "
            f"{ends}:00 to {begins}:00.",
        ),
        (
            "Coordinators",
            f"At the desk {_sessions(assumed)}. A review takes {assumed.review_minutes} minutes and ends in a yes "
            f"{percent(assumed.approves)} of the time; a look at a stuck request takes {assumed.task_minutes}, and "
            f"follows again after {assumed.task_again_days} days.",
        ),
        (
            "Pairings",
            f"They last: {_half_and_most(assumed.pairing_days, 'days')}. Whoever asks again counts as somebody new.",
        ),
        ("People", people.MIX),
    ]


def hours(value: float | None) -> str:
    """Hours in whole numbers, or a dash."""
    return "–" if value is None else f"{value:.0f}"


def percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{100 * share:.0f} %"


def span_of_years(result: Result) -> str:
    """The least and the highest median of one year, in hours."""
    medians = [one.median_hours for one in result.years if one.median_hours is not None]
    return f"{hours(min(medians))}–{hours(max(medians))}" if medians else "–"


def _within(span: Span, unit: str) -> str:
    return f"within {span.half:g} {unit} (half) or {span.most:g} (nine in ten)"


def _half_and_most(span: Span, unit: str) -> str:
    return f"half up to {span.half:g} {unit}, nine in ten up to {span.most:g}"


def _several(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _sessions(assumed: Assumptions) -> str:
    return ", ".join(f"{_DAYS[day]} {begins}–{ends}" for day, begins, ends in assumed.desk)
