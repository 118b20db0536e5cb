"""The moment at which the engine's tests take place, and days counted back from it."""

from datetime import UTC, date, datetime, timedelta

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


def date_before(days: int) -> date:
    return TODAY - timedelta(days=days)


def days_ago(days: int) -> datetime:
    return NOW - timedelta(days=days)
