"""Gunicorn's log in the form of the program's: no tokens, no query strings, no addresses."""

import os
from typing import Any

from gunicorn.glogging import Logger

from config.logs import FORMATS, formatter, harmless


class QuietLogger(Logger):
    """Gunicorn's. What it says of a request, in the access log too, is made harmless first."""

    def setup(self, cfg: Any) -> None:
        """Write as LOG_FORMAT says; gunicorn's own lines where nothing is said."""
        super().setup(cfg)
        form = os.environ.get("LOG_FORMAT") or ""
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            if form in FORMATS:
                handler.setFormatter(formatter(form, local=False))

    def atoms(self, *given: Any) -> dict[str, Any]:
        """Return what a line of the access log is made of."""
        found: dict[str, Any] = super().atoms(*given)
        return {k: harmless(v) if isinstance(v, str) else v for k, v in found.items()}
