"""Topic -> what a message says and where its one link leads.

Words are neutral: subject, sender and text never tell what this is about, for somebody else may read the mail. The
facts are read again when the message is written, for many messages of a topic at once; one that no longer holds is
not sent.
"""

from matching.notices.catalogue import NOTICES
from matching.notices.letters import Unsent, letter, write
from matching.notices.notice import Notice, Told

__all__ = ["NOTICES", "Notice", "Told", "Unsent", "letter", "write"]
