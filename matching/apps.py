from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Requests, offers, pairings, check-ins, Twelfth-Step service and the notices they send."""

    name = "matching"
