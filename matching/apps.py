from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Requests, offers, pairings, check-ins, Twelfth-Step service and the notices they send."""

    name = "matching"

    def ready(self) -> None:
        from accounts import privacy
        from matching.actions.privacy import leave
        from matching.copy_words import WORDS
        from matching.queries.mine import COVERS, collect

        privacy.register("matching", collect=collect, leave=leave, covers=COVERS, words=WORDS)
