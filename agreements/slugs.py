"""How a name is written in addresses, keys and names of files."""

from __future__ import annotations

from django.utils.text import slugify

# Letters that are no letter with an accent, and that would be left out.
_PLAIN = str.maketrans({"ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae"})


def slug(text: str) -> str:
    """Return the text in small letters a to z, figures and hyphens: «Krødsherad» is «krodsherad»."""
    return slugify(text.translate(_PLAIN))
