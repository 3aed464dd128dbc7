"""Two editors who write in one clause, as their pages send it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from agreements.models import Agreement, Clause
from municipalities.models import User
from tests import pages
from tests.conftest import CAST
from tests.desk import BASE, As

ADDRESS = BASE + "tekst/punkt/formaal/"
KEEP, DISCARD = ADDRESS + "pabegynt/", ADDRESS + "pabegynt/forkast/"
BEGUN = "Kommunene skal hjelpe etablerere, og noe mer som ikke er ferdig"


class Writing:
    """Two editors in one clause."""

    def __init__(self, agreement: Agreement, as_: As) -> None:
        self.agreement, self.as_ = agreement, as_

    @property
    def clause(self) -> Clause:
        return self.agreement.clauses.select_related("agreement").get(key="formaal")

    def user(self, who: str = "editor") -> User:
        return User.objects.get(email=CAST[who])

    def keep(self, who: str = "editor", **fields: Any) -> HttpResponse:
        row = self.agreement.clauses.filter(key="formaal").first()
        sent = {
            "heading": row.heading if row else "Formål",
            "text": BEGUN,
            "revision": row.revision if row else 1,
            "draft": "",
            "user": self.user(who).pk,
        }
        return self.as_(who).post(KEEP, sent | fields)

    def kept(self, who: str = "editor", **fields: Any) -> Any:
        answer = self.keep(who, **fields)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def saves(self, text: str, who: str = "other_editor", **more: str) -> None:
        """Somebody saves the clause as it now is, with another text."""
        row = self.clause
        sent = {"heading": row.heading, "text": text, "revision": row.revision} | more
        assert self.as_(who).post(ADDRESS, sent).status_code == 302

    def form(self, who: str = "editor") -> pages.Sent:
        return pages.form(self.as_(who).get(ADDRESS), "Lagre")
