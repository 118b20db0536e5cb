from django.apps import AppConfig


class RecoveryMatchConfig(AppConfig):
    """The composition root: wiring, commands and system checks; it holds no rules."""

    name = "recovery_match"

    def ready(self) -> None:
        from recovery_match import checks  # noqa: F401  (registers the system checks)
