"""Reads a Meeting Guide feed as offices really publish it, and says for every row what became of it.

The format is the Meeting Guide spec (github.com/code4recovery/spec). Nothing here touches the database:
``read_feed`` and ``read_rows`` return a ``Feed``, ``accounts.actions.meetings.import_meetings`` stores it.

A row is *taken* when it is used as it says (another notation for the same value, "6:30 PM" for 18:30, is a remark),
*mended* when something in it was changed, dropped or filled in, and *refused* when nothing of it can be used.
"""

from accounts.meeting_guide.feed import Entry, Feed, FeedError, Note, Outcome, Row
from accounts.meeting_guide.reader import MAX_BYTES, read_feed, read_rows

__all__ = ["MAX_BYTES", "Entry", "Feed", "FeedError", "Note", "Outcome", "Row", "read_feed", "read_rows"]
