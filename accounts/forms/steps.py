"""The questions of the welcome, in their order, and which of them a member has answered."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.forms.how import ApproachForm, HomeGroupForm, MeetingForm, NeedsForm, WeekForm
from accounts.forms.sponsoring import ContactForm, SponsorForm, WhyForm
from accounts.forms.step import StepForm
from accounts.forms.who import DateForm, FellowshipForm, LanguagesForm, NameForm, PeopleForm
from accounts.models import Consent, ConsentKind, Profile

Test = Callable[[Profile], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """One question. ``answered`` tells whether the stored profile holds an answer; ``applies`` whether it is asked."""

    slug: str
    title: Promise
    form: type[StepForm]
    answered: Test
    needed: bool = False
    applies: Test = lambda profile: True


def _agreed_to_contact(profile: Profile) -> bool:
    return Consent.objects.filter(user_id=profile.pk, kind=ConsentKind.CONTACT, withdrawn_at__isnull=True).exists()


def _offers_to_sponsor(profile: Profile) -> bool:
    return getattr(profile.user, "sponsor", None) is not None


def _counts_from_a_date(profile: Profile) -> bool:
    return profile.fellowship is None or profile.fellowship.has_date


def _has_a_program_month(profile: Profile) -> bool:
    return _offers_to_sponsor(profile) and (_counts_from_a_date(profile) or profile.program_since is not None)


STEPS = (
    Step("fellowship", _("Fellowship"), FellowshipForm, lambda p: p.fellowship_id is not None, needed=True),
    Step("name", _("Name"), NameForm, lambda p: bool(p.first_name), needed=True),
    Step("date", _("Date"), DateForm, lambda p: p.recovery_date is not None, applies=_counts_from_a_date),
    Step("languages", _("Languages"), LanguagesForm, lambda p: bool(p.languages), needed=True),
    Step("people", _("People"), PeopleForm, lambda p: bool(p.comfortable_with), needed=True),
    Step("meeting", _("Meeting"), MeetingForm, lambda p: bool(p.modes), needed=True),
    Step("home-group", _("Home group"), HomeGroupForm, lambda p: p.home_group_id is not None),
    Step("week", _("Free hours"), WeekForm, lambda p: len(p.week) > 0, needed=True),
    Step("approach", _("Wishes"), ApproachForm, lambda p: bool(p.approach or p.experiences)),
    Step("needs", _("Needs"), NeedsForm, lambda p: bool(p.needs or p.can_meet)),
    Step("why", _("Why you are here"), WhyForm, lambda p: not p.looking),
    Step(
        "sponsor",
        _("Sponsoring"),
        SponsorForm,
        _has_a_program_month,
        needed=True,
        applies=lambda p: not p.looking,
    ),
    Step("contact", _("Contact"), ContactForm, _agreed_to_contact, needed=True),
)


def steps_for(profile: Profile) -> list[Step]:
    """The questions that this member is asked."""
    return [step for step in STEPS if step.applies(profile)]


def missing_steps(profile: Profile) -> list[Step]:
    """The questions without whose answer the welcome cannot end."""
    return [step for step in steps_for(profile) if step.needed and not step.answered(profile)]


def open_step(profile: Profile) -> Step | None:
    """Where to go on: the first question after the last answered one, unless an earlier one is needed and missing.

    None when nothing needed is missing. A question that may be left empty leaves no trace: whoever stopped right
    after passing over one is asked it again.
    """
    steps = steps_for(profile)
    answered = [step.answered(profile) for step in steps]
    lacking = [place for place, step in enumerate(steps) if step.needed and not answered[place]]
    if not lacking:
        return None
    after_last = max((place for place, done in enumerate(answered) if done), default=-1) + 1
    return steps[min(after_last, lacking[0])]
