"""What may stand in a log: ids and kinds; no address of a page, for some carry a token."""

import logging


class WithoutPath(logging.Filter):
    """Django's request log names the path of a request that went wrong; leave the reason and take the path out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without its path."""
        if isinstance(record.args, tuple) and len(record.args) == 2:
            record.args = (record.args[0], "(path left out)")
        return True
