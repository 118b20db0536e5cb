from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, intergroups, meetings, consent and audit. Never imports matching."""

    name = "accounts"

    def ready(self) -> None:
        """Listen to people signing in and setting up second factors, before anybody does."""
        from accounts import gate, mfa, proof  # noqa: F401

        mfa.connect()
