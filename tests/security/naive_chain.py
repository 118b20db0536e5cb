"""What an audit would be whose chain anybody can make: each link a plain hash over the entry and the link before.

It stands for the negative control of the audit as a whole: no key, no heads, no entries that wait. Whoever has the
database for themself alters what they like, works the hashes out anew, and nothing is noticed.
"""

from hashlib import sha256

from django.db import connection


class NaiveChain:
    """The hashes of all entries, as they were when this was made."""

    def __init__(self) -> None:
        self.links = _links()

    def broken(self) -> bool:
        """Whether the entries are not what the links say."""
        return _links() != self.links

    def tidy_up(self) -> None:
        """What somebody does who has altered entries and can write to the table of links: make these fit again."""
        self.links = _links()


def _links() -> list[bytes]:
    links, last = [], b""
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text FROM accounts_auditentry e ORDER BY id")
        for (entry,) in cursor.fetchall():
            last = sha256(last + entry.encode()).digest()
            links.append(last)
    return links
