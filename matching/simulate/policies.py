"""What an office may decide, and what is compared."""

from dataclasses import dataclass, replace

SUGGESTED = 3
LONGEST_HOURS = 168


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One way to match.

    Attributes:
        name: What it is called in the table and in the picture.
        offer_hours: Hours that a sponsor has to answer, 1 to 168.
        at_once: Offers of one request that are out at the same time, 1 to 3; the first yes takes back the others.
        review: A coordinator looks at each match before contact details are shown.
        nightly: Newcomers are matched together each night and each is proposed one sponsor, instead of choosing among
            suggestions at once.

    Raises:
        ValueError: No name, a number out of range, or several offers at once of a round that proposes one sponsor.
    """

    name: str
    offer_hours: int = 24
    at_once: int = 1
    review: bool = True
    nightly: bool = False

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a policy needs a name")
        if not 1 <= self.offer_hours <= LONGEST_HOURS:
            raise ValueError(f"offer hours go from 1 to {LONGEST_HOURS}")
        if not 1 <= self.at_once <= SUGGESTED:
            raise ValueError(f"offers at once go from 1 to {SUGGESTED}")
        if self.nightly and self.at_once > 1:
            raise ValueError("a nightly round proposes one sponsor, so one offer at a time")

    @property
    def traits(self) -> tuple[str, str, str, str]:
        """The policy in a few words; those of another policy stand at the same places."""
        return (
            "matched each night" if self.nightly else "matched at once",
            "one offer at a time" if self.at_once == 1 else f"{self.at_once} offers at once",
            f"{self.offer_hours} h to answer",
            "reviewed" if self.review else "not reviewed",
        )


DEFAULT_POLICIES = (
    Policy(name="As it is"),
    Policy(name="12 hours", offer_hours=12),
    Policy(name="72 hours", offer_hours=72),
    Policy(name="Three at once", at_once=3),
    Policy(name="No review", review=False),
    Policy(name="Nightly round", nightly=True),
)
"""The defaults of the application first; each of the others differs from them in one thing."""

_SWITCH = {"on": True, "off": False}
_MOMENT = {"night": True, "once": False}


def read_policy(text: str) -> Policy:
    """Read ``NAME=hours:12,offers:3,review:off,match:night``; what is left out is as it is by default.

    Raises:
        ValueError: Something else is written there; the message says what.
    """
    name, _, rest = text.partition("=")
    policy = Policy(name=name.strip())
    for setting in filter(None, (part.strip() for part in rest.split(","))):
        key, _, value = setting.partition(":")
        policy = _with(policy, key.strip(), value.strip())
    return policy


def _with(policy: Policy, key: str, value: str) -> Policy:
    try:
        if key == "hours":
            return replace(policy, offer_hours=_number(value))
        if key == "offers":
            return replace(policy, at_once=_number(value))
        if key == "review":
            return replace(policy, review=_SWITCH[value])
        if key == "match":
            return replace(policy, nightly=_MOMENT[value])
    except KeyError:
        raise ValueError(f"“{key}” does not take “{value}”") from None
    raise ValueError(f"“{key}” is not one of hours, offers, review, match")


def _number(value: str) -> int:
    if not value.isdecimal():
        raise ValueError(f"“{value}” is not a whole number")
    return int(value)
