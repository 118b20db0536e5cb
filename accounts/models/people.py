"""Members: the account, the profile that is matched on, the sponsor's side, and how a partner may reach them."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models.intergroup import Area, Fellowship, Intergroup
from accounts.models.meeting import Meeting
from accounts.models.sealed import SealedTextField
from accounts.models.week import Week, WeekField

EARLIEST_RECOVERY_DATE = date(1930, 1, 1)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """A member by e-mail address; without a password they sign in by code or passkey."""
        if not email:
            raise ValueError("A member needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        """An operator, for Django's admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: an e-mail address and nothing that tells who this is. A suspended member is not active."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=clock.now)
    language = models.CharField(max_length=5, default="en")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Gender(models.TextChoices):
    WOMAN = "woman", _("Woman")
    MAN = "man", _("Man")
    NONBINARY = "nonbinary", _("Non-binary")


class Comfort(models.TextChoices):
    WOMAN = "woman", _("Women")
    MAN = "man", _("Men")
    NONBINARY = "nonbinary", _("Non-binary people")
    ANYONE = "anyone", _("Anyone")


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("Phone")
    VIDEO = "video", _("Video")
    TEXT = "text", _("Text messages")


class Approach(models.TextChoices):
    SPIRITUAL = "spiritual", _("Spiritual")
    SECULAR = "secular", _("Secular")


class Need(models.TextChoices):
    WHEELCHAIR = "wheelchair", _("Step-free places")
    SIGN_LANGUAGE = "sign_language", _("Sign language")
    LARGE_PRINT = "large_print", _("Large print")
    CHILDCARE = "childcare", _("Children may be there")


class Experience(models.TextChoices):
    PARENT = "parent", _("Parent")
    VETERAN = "veteran", _("Veteran")
    LGBTQ = "lgbtq", _("LGBTQ+")
    YOUNG = "young", _("Young people")
    OLDER = "older", _("Over 60")
    SECULAR = "secular", _("Secular")
    SHIFT_WORK = "shift_work", _("Shift work")
    BILINGUAL = "bilingual", _("Between two cultures")
    PRISON = "prison", _("Time in prison")
    GRIEF = "grief", _("Grief")


class Language(models.TextChoices):
    """Languages one can be matched in; sign languages count as languages (ISO 639 codes)."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    FRENCH = "fr", _("French")
    PORTUGUESE = "pt", _("Portuguese")
    POLISH = "pl", _("Polish")
    RUSSIAN = "ru", _("Russian")
    TAGALOG = "tl", _("Tagalog")
    CHINESE = "zh", _("Chinese")
    ASL = "ase", _("American Sign Language")
    LSM = "mfs", _("Mexican Sign Language")
    LSQ = "fcs", _("Quebec Sign Language")


def _list_of(choices: type[models.TextChoices]) -> Any:
    return ArrayField(models.CharField(max_length=20, choices=choices.choices), default=list, blank=True)


def name_to_search(path: str = "") -> Lower:
    """The name of a profile as it is searched, in small letters; ``path`` leads from the query's model to the profile,
    with "__" at its end."""
    return Lower(Concat(f"{path}first_name", Value(" "), f"{path}initial"))


class Profile(models.Model):
    """What a member is matched on. Collected one question at a time; ``completed_at`` ends the welcome.

    ``recovery_date`` is a calendar date in the member's zone. ``program_since`` is asked only of would-be sponsors in
    a fellowship without such a date. ``experiences`` are ranked, the most important first. ``max_km`` limits meeting
    in person, between area centres; empty means any distance.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    intergroup = models.ForeignKey(Intergroup, on_delete=models.PROTECT, null=True, related_name="profiles")
    fellowship = models.ForeignKey(Fellowship, on_delete=models.PROTECT, null=True, related_name="profiles")
    first_name = models.CharField(_("first name"), max_length=40, blank=True)
    initial = models.CharField(_("initial"), max_length=1, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    recovery_date = models.DateField(null=True, blank=True)
    program_since = models.DateField(null=True, blank=True)
    languages = _list_of(Language)
    gender = models.CharField(max_length=10, choices=Gender.choices, blank=True)
    comfortable_with = _list_of(Comfort)
    modes = _list_of(Mode)
    area = models.ForeignKey(Area, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    max_km = models.PositiveSmallIntegerField(null=True, blank=True)
    home_group = models.ForeignKey(Meeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    approach = models.CharField(max_length=10, choices=Approach.choices, blank=True)
    experiences = _list_of(Experience)
    needs = _list_of(Need)
    can_meet = _list_of(Need)
    week = WeekField(default=Week)
    looking = models.BooleanField(default=True, help_text=_("Came to find a sponsor, rather than to sponsor."))
    completed_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [GinIndex(OpClass(name_to_search(), name="gin_trgm_ops"), name="profile_name_search")]
        constraints = [
            models.CheckConstraint(
                condition=Q(recovery_date__isnull=True) | Q(recovery_date__gte=EARLIEST_RECOVERY_DATE),
                name="profile_recovery_date_not_before_1930",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True)
                | Q(
                    intergroup__isnull=False,
                    fellowship__isnull=False,
                    languages__len__gte=1,
                    comfortable_with__len__gte=1,
                    modes__len__gte=1,
                )
                & ~Q(first_name="")
                & ~Q(week=Week()),
                name="profile_complete_when_said_so",
            ),
            models.CheckConstraint(condition=Q(gender__in=[*Gender.values, ""]), name="profile_gender"),
            models.CheckConstraint(condition=Q(approach__in=[*Approach.values, ""]), name="profile_approach"),
            models.CheckConstraint(condition=Q(languages__contained_by=Language.values), name="profile_languages"),
            models.CheckConstraint(condition=Q(comfortable_with__contained_by=Comfort.values), name="profile_comfort"),
            models.CheckConstraint(condition=Q(modes__contained_by=Mode.values), name="profile_modes"),
            models.CheckConstraint(
                condition=Q(experiences__contained_by=Experience.values), name="profile_experiences"
            ),
            models.CheckConstraint(
                condition=Q(needs__contained_by=Need.values, can_meet__contained_by=Need.values), name="profile_needs"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """First name and initial, the only name anybody sees: "Ruth B."."""
        return f"{self.first_name} {self.initial}." if self.initial else self.first_name

    @property
    def date_name(self) -> str:
        """What the member's office and fellowship call the recovery date; empty where there is none."""
        if self.fellowship is None:
            return ""
        office = self.intergroup
        return self.fellowship.date_name if office is None else office.policy.date_name_in(self.fellowship)


class Contact(models.Model):
    """How the person one is paired with may reach a member; shown to those two only, after everybody said yes."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    phone = SealedTextField(owner="user_id")
    email = SealedTextField(owner="user_id")
    hint = SealedTextField(owner="user_id")

    def __str__(self) -> str:
        return str(self.pk)
