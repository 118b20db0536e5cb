"""The operators' stock admin: offices and terms can be edited, members only suspended, the audit only read.

Nothing of a profile is shown here: what members told is for matching, not for operators.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.models import Area, AuditEntry, Coordinator, Fellowship, Intergroup, Meeting, Policy, User

if TYPE_CHECKING:
    _UserAdmin = admin.ModelAdmin[User]
    _PolicyInline = admin.StackedInline[Policy, Intergroup]
    _Admin = admin.ModelAdmin[models.Model]
else:
    _UserAdmin = _Admin = admin.ModelAdmin
    _PolicyInline = admin.StackedInline


class ReadOnlyAdmin(_Admin):
    """Rows that are looked at and never changed by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PolicyInline(_PolicyInline):
    """Always saved along: no office goes without. What members read is changed by coordinators, who leave a trace."""

    model = Policy
    can_delete = False
    min_num = 1
    fields = ("review_required", "offer_hours", "steps_needed", "confirm_days", "stuck_hours", "weights")


@admin.register(Fellowship)
class FellowshipAdmin(_Admin):
    list_display = ("name", "code", "minimum_days")


@admin.register(Intergroup)
class IntergroupAdmin(_Admin):
    list_display = ("name", "zone", "country")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (PolicyInline,)


@admin.register(Coordinator)
class CoordinatorAdmin(_Admin):
    list_display = ("user", "intergroup", "starts_on", "ends_on")
    list_filter = ("intergroup",)
    autocomplete_fields = ("user",)


@admin.register(User)
class UserAdmin(_UserAdmin):
    """Members by address, found by an exact one; the only thing to change is whether they may sign in."""

    list_display = ("id", "is_active", "is_staff")
    search_fields = ("=email",)
    fields = ("email", "date_joined", "is_active")
    readonly_fields = ("email", "date_joined")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "verb", "target_kind", "target_id", "actor")
    list_filter = ("verb",)
    show_full_result_count = False


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = ("name", "day", "starts", "intergroup", "active")
    list_filter = ("intergroup", "active")
    search_fields = ("name",)
    show_full_result_count = False


@admin.register(Area)
class AreaAdmin(ReadOnlyAdmin):
    list_display = ("name", "intergroup")
    list_filter = ("intergroup",)
