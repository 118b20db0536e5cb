"""The operators' view of what goes on: states and times to read, no words of anybody, nothing to change by hand.

Changes go through the actions, which keep seats, audit and notices in step; a form here would bypass all three. One
such action has a door here: a message that was set aside can be sent again. Check-ins, notes and service are not
listed at all.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from matching.actions.outbox import send_again
from matching.models import Heartbeat, Offer, OutboxMessage, Pairing, Round, SponsorRequest
from matching.states import OutboxState

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = admin.ModelAdmin


class ReadOnlyAdmin(_Admin):
    """Lists and reads; refuses to add, change or delete."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(SponsorRequest)
class SponsorRequestAdmin(ReadOnlyAdmin):
    list_display = ("id", "intergroup", "state", "asked_at", "decide_by", "refusals", "needs_coordinator")
    list_filter = ("state", "intergroup")
    list_select_related = ("intergroup",)
    fields = ("id", "intergroup", "fellowship", "kind", "state", "asked_at", "decide_by", "refusals", "ended_at")


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    list_display = ("id", "state", "origin", "made_at", "expires_at", "answered_at", "ended_at")
    list_filter = ("state", "origin")
    fields = ("id", "state", "origin", "review_required", "made_at", "expires_at", "answered_at", "ended_at")


@admin.register(Pairing)
class PairingAdmin(ReadOnlyAdmin):
    list_display = ("id", "intergroup", "state", "began_at", "trial_ends_on", "ended_at")
    list_filter = ("state", "intergroup")
    list_select_related = ("intergroup",)
    fields = ("id", "intergroup", "fellowship", "state", "began_at", "trial_ends_on", "ended_at")


@admin.register(Round)
class RoundAdmin(ReadOnlyAdmin):
    list_display = ("id", "intergroup", "kind", "state", "made_at", "served", "left", "seconds", "trouble")
    list_filter = ("state", "kind", "intergroup")
    list_select_related = ("intergroup",)
    fields = (
        *("id", "intergroup", "kind", "state", "made_at", "began_at", "as_of", "leased_until", "attempts"),
        *("newcomers", "sponsors", "served", "left", "verified_at", "seconds", "ended_at", "trouble"),
    )


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    list_display = ("id", "topic", "channel", "state", "send_after", "grace_until", "attempts", "ended_at", "trouble")
    list_filter = ("state", "channel", "topic")
    fields = (
        *("id", "topic", "channel", "state", "posted_at", "send_after", "grace_until", "attempts", "ended_at"),
        "trouble",
    )
    actions = ("send_again",)

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("matching.change_outboxmessage")

    @admin.action(description="Send again (only those set aside)", permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        assert request.user.is_authenticated
        chosen = queryset.filter(state=OutboxState.FAILED)
        for message in chosen:
            send_again(message, by=request.user)
        messages.success(request, f"Sent again: {len(chosen)}")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "at")
    fields = ("name", "at")
