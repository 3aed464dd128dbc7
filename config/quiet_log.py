"""Links that let somebody in stay out of the logs: gunicorn's of every request, and Django's of refusals."""

import logging
import re
from typing import Any

from gunicorn.glogging import Logger

_LINK = re.compile(r"(invitasjon(?:/|%2F))[A-Za-z0-9_-]{20,}", re.IGNORECASE)


def without_links(text: str) -> str:
    """Return the text with the token of every invitation's link taken out."""
    return _LINK.sub(r"\1…", text)


class HideLinks(logging.Filter):
    """Takes the tokens out of whatever is written to the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with its words made harmless."""
        words = record.getMessage()
        if (harmless := without_links(words)) != words:
            record.msg, record.args = harmless, ()
        return True


class QuietLogger(Logger):
    """Gunicorn's, with the tokens taken out of the address and of where the reader came from."""

    def atoms(self, *given: Any) -> dict[str, Any]:
        """Return what a line of the access log is made of."""
        found: dict[str, Any] = super().atoms(*given)
        return {k: without_links(v) if isinstance(v, str) else v for k, v in found.items()}
