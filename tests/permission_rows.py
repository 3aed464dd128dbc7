"""What the permission tables are written with: roles, statuses, and a row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tests.conftest import CAST

SLUG = "ringeriksregionen-2026"
EDITORS = ("editor", "other_editor")
INSIDERS = ("director", "administrator", "county")
STRANGERS = ("reader", "outsider")  # a reader sees what is shared, and a draft is not

# «302» for the one who is logged out is the way to the login page, see `status_for`.
READ = (
    {"editor": 200, "other_editor": 200}
    | dict.fromkeys(INSIDERS, 200)
    | dict.fromkeys(STRANGERS, 404)
)
EDIT = (
    {"editor": 200, "other_editor": 200}
    | dict.fromkeys(INSIDERS, 403)
    | dict.fromkeys(STRANGERS, 404)
)
# Input is written by editors, directors and the county authority, not by administrators.
COMMENT = READ | {"administrator": 403}
SEND_COMMENT = {who: 302 if status == 200 else status for who, status in COMMENT.items()}
SEND = EDIT | dict.fromkeys(EDITORS, 302)
ANYBODY = dict.fromkeys(CAST, 200)
# Templates: shipped ones are for all who may read a draft; the county's own, and its editor's drafts.
SHIPPED, OWN = "etablerertjenesten_nb", "buskerud-fylkets-mal"
TEMPLATES = ANYBODY | {"reader": 404}
COUNTYS = TEMPLATES | {"outsider": 404}
COUNTY_EDITOR = dict.fromkeys(CAST, 404) | {"county": 200}
SEND_COUNTY_EDITOR = COUNTY_EDITOR | {"county": 302}
MANAGE = {who: 403 if status == 200 else status for who, status in COUNTYS.items()}
# For those who run the installation, of whom the cast has none; see test_statistics_pages.py.
OPERATORS = dict.fromkeys(CAST, 403)
NOBODY_HOME = dict.fromkeys(CAST, 404)


@dataclass(frozen=True)
class Row:
    """An address, how it is asked, and what each role gets. `form`: page and button to send from, as
    `filler` has them in front of them.
    """

    name: str
    method: str
    statuses: dict[str, int]
    args: tuple[object, ...] = ()
    form: tuple[str, str] | None = None
    nobody: int = 302
    data: dict[str, str] = field(default_factory=dict)
    state: str = "draft"  # how far the agreement has come: see `staged` in test_permissions.py

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.state}"


def get(name: str, statuses: dict[str, int], *args: object, nobody: int = 302) -> Row:
    return Row(name, "GET", statuses, args, nobody=nobody)


def post(name: str, /, *args: object, form: tuple[str, str] | None = None, **data: str) -> Row:
    return Row(name, "POST", SEND, args, form, data=data)


# The case paper is the team's and the administrator's until a version is sent out.
PAPER = READ | {"director": 403, "county": 403}
# Once something has been sent out, readers and other parties see that, and insiders no more than before.
SENT = READ | {"reader": 200}
NOT_SENT = {who: 403 if who == "reader" else status for who, status in READ.items()}
# What is withheld in the public version is the team's and the administrator's to see.
NOT_PUBLIC = {"director": 403, "county": 403}
PUBLIC = READ | NOT_PUBLIC
ADMINISTER = dict.fromkeys((*EDITORS, *INSIDERS), 403) | {
    "administrator": 200,
    "reader": 404,
    "outsider": 404,
}
ADMINISTER_SENT = ADMINISTER | {"reader": 403}
STEP = ADMINISTER_SENT | {"administrator": 302}
# The director of the cast is Hole's, and only Hole's director answers for Hole.
HOLES = dict.fromkeys((*EDITORS, *INSIDERS, "reader"), 403) | {"director": 200, "outsider": 404}
HOLES_OWN = HOLES | {"director": 302}
NOTHING_SENT = dict.fromkeys(CAST, 404)
NOBODY_SENT = dict.fromkeys(CAST, 403) | {"outsider": 404}


def during(state: str, row: Row) -> Row:
    """The same address while the agreement is in another state than a draft."""
    return replace(row, state=state)


def manage(name: str, /, *args: object, form: tuple[str, str] | None = None, **data: str) -> Row:
    """What only the editor in the county authority may send."""
    return Row(name, "POST", SEND_COUNTY_EDITOR, args, form, data=data)


DRAFT = f"/maler/{OWN}/2/"
