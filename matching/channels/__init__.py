"""The ways on which notices reach members: which ones there are is one line in the settings."""

from django.conf import settings
from django.utils.module_loading import import_string

from matching.channels.base import AnyChannel, Channel, ChannelGone, Later, Nowhere

__all__ = ["AnyChannel", "Channel", "ChannelGone", "Later", "Nowhere", "fresh"]


def fresh() -> list[AnyChannel]:
    """One new object of each channel, in the order of the settings; they hold no connection yet."""
    return [import_string(path)() for path in settings.NOTICE_CHANNELS]
