"""Who may use what belongs to no single agreement. A missing role means no."""

from __future__ import annotations

from municipalities.access import Person, roles


def may_verify_tables(user: Person) -> bool:
    """Check a table that somebody has pasted.

    Any person with a membership, whatever the role: the check reads nothing of ours and stores
    nothing. Somebody without a membership acts for no one, and has no table to check.
    """
    return bool(roles(user))
