"""gunicorn's own log, under the same rules: it would name the address of a page that failed."""

from typing import Any

from gunicorn.glogging import Logger

from recovery_match.logs import Scrubbed


class ScrubbedLogger(Logger):  # type: ignore[misc]
    """For ``--logger-class``. There is no log of visits."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's handlers, and have them write what is allowed."""
        cfg.set("accesslog", None)
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Scrubbed())
