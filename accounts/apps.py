from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, intergroups, meetings, consent and audit. Never imports matching."""

    name = "accounts"

    def ready(self) -> None:
        from accounts import mfa

        mfa.connect()
