"""Who may do what: role x address x method. tests/test_permissions.py holds the program to it."""

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
# For those who run the installation, of whom the cast has none; see test_statistics_pages.py.
OPERATORS = dict.fromkeys(CAST, 403)
NOBODY_HOME = dict.fromkeys(CAST, 404)


@dataclass(frozen=True)
class Row:
    """An address, how it is asked, and what each role gets. `form`: page and button to send from."""

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


# Once something has been sent out, readers and other parties see that, and insiders no more than before.
SENT = READ | {"reader": 200}
NOT_SENT = {who: 403 if who == "reader" else status for who, status in READ.items()}
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


def during(state: str, row: Row) -> Row:
    """The same address while the agreement is in another state than a draft."""
    return replace(row, state=state)


# `first` and `second` stand for the primary keys of the two alternatives.
TABLE = [
    get("desk", ANYBODY),
    get("agreements", ANYBODY),
    get("new-agreement", ANYBODY | dict.fromkeys(("editor", "other_editor", "outsider"), 302)),
    get(
        "new-agreement-in",
        dict.fromkeys(CAST, 404) | dict.fromkeys(EDITORS, 200),
        "ringeriksregionen",
    ),
    Row(
        "new-agreement-in",
        "POST",
        dict.fromkeys(CAST, 404) | dict.fromkeys(EDITORS, 302),
        ("ringeriksregionen",),
        ("/avtaler/ny/ringeriksregionen/", "Lag utkast"),
    ),
    get("agreement", READ, SLUG),
    get("details", EDIT, SLUG),
    post("details", SLUG, form=("opplysninger/", "Lagre"), title="Ny tittel"),
    get("text", READ, SLUG),
    get("new-clause", EDIT, SLUG),
    post("new-clause", SLUG, form=("tekst/nytt-punkt/", "Legg til"), heading="Møter"),
    get("clause", EDIT, SLUG, "formaal"),
    post("clause", SLUG, "formaal", form=("tekst/punkt/formaal/", "Lagre"), heading="Hvorfor"),
    get("delete-clause", EDIT, SLUG, "formaal"),
    post("delete-clause", SLUG, "formaal", form=("tekst/punkt/formaal/slett/", "Slett")),
    post("move-clause", SLUG, "formaal", "opp"),
    get("clause-history", READ, SLUG, "nav-lokalt"),
    post("restore-wording", SLUG, "nav-lokalt", form=("tekst/punkt/nav-lokalt/historikk/", "Gj")),
    Row("restore-clause", "POST", SEND, (SLUG,)),
    get("inputs", READ, SLUG),
    get("new-input", COMMENT, SLUG),
    Row(
        "new-input",
        "POST",
        SEND_COMMENT,
        (SLUG,),
        ("innspill/nytt/", "Send"),
        data={"text": "Et innspill"},
    ),
    get("new-suggestion", COMMENT, SLUG, "formaal"),
    Row(
        "new-suggestion",
        "POST",
        SEND_COMMENT,
        (SLUG, "formaal"),
        ("innspill/forslag/formaal/", "Send"),
        data={"text": "Annen tekst"},
    ),
    get("input-trace", READ, SLUG),
    get("input", READ, SLUG, "wish"),
    get("input", EDIT | dict.fromkeys(INSIDERS, 404), SLUG, "internal"),
    Row(
        "reply-input",
        "POST",
        SEND_COMMENT,
        (SLUG, "wish"),
        ("innspill/wish/", "Send svar"),
        data={"text": "Et svar"},
    ),
    post("resolve-input", SLUG, "wish", form=("innspill/wish/", "Merk som avklart")),
    post("decline-input", SLUG, "wish", form=("innspill/wish/", "Avslå"), reason="Dekkes alt"),
    post("reopen-input", SLUG, "closed", form=("innspill/closed/", "Åpne igjen")),
    # Nobody but the author, whom this cast has not.
    Row(
        "withdraw-input",
        "POST",
        COMMENT | dict.fromkeys((*EDITORS, *INSIDERS), 403),
        (SLUG, "wish"),
    ),
    get("accept-input", EDIT, SLUG, "proposed"),
    post("accept-input", SLUG, "proposed", form=("innspill/proposed/ta-inn/", "Ta inn")),
    get("parties", READ, SLUG),
    get("new-party", EDIT, SLUG),
    post("new-party", SLUG, form=("parter/ny/", "Legg til"), organisation="nav", role="partner"),
    get("party", EDIT, SLUG, "3305"),
    post("party", SLUG, "3305", form=("parter/part/3305/", "Lagre"), signatory_name="Ola"),
    post("delete-party", SLUG, "3305", form=("parter/part/3305/", "Fjern")),
    get("services", READ, SLUG),
    post("services", SLUG, form=("tjenester/", "Legg til"), level="quality", text="Kort ventetid"),
    get("service", EDIT, SLUG, "service"),
    post("service", SLUG, "service", form=("tjenester/service/", "Lagre"), text="Kurs"),
    post("delete-service", SLUG, "service", form=("tjenester/service/", "Slett")),
    post("move-service", SLUG, "service", "ned"),
    get("economy", READ, SLUG),
    post("choose-alternative", SLUG, form=("okonomi/", "Lagre valget"), alternative="second"),
    get("plan", EDIT, SLUG),
    post("plan", SLUG, form=("okonomi/plan/", "Lagre"), name="Ny plan"),
    post("new-alternative", SLUG, form=("okonomi/", "Lag alternativet"), name="Alternativ 3"),
    get("alternative", EDIT, SLUG, "second"),
    post("alternative", SLUG, "second", form=("okonomi/alternativ/second/", "Lagre"), name="B"),
    Row(
        "preview-alternative",
        "POST",
        EDIT,
        (SLUG, "second"),
        ("okonomi/alternativ/second/", "Lagre"),
    ),
    post("delete-alternative", SLUG, "second", form=("okonomi/alternativ/second/", "Slett")),
    get("what-if", READ, SLUG, "second"),
    Row(
        "what-if", "POST", READ, (SLUG, "second"), ("okonomi/alternativ/second/hva-om/", "Regn ut")
    ),
    Row(
        "what-if",
        "POST",
        SEND,
        (SLUG, "second"),
        ("okonomi/alternativ/second/hva-om/", "Regn ut"),
        data={"handling": "lagre", "indeks-0-percent": "3"},
    ),
    get("current", READ, SLUG),
    post("current", SLUG, form=("okonomi/dagens-bidrag/", "Lagre"), year="2024"),
    get("instalments", READ, SLUG),
    post("instalments", SLUG, form=("okonomi/betalingsplan/", "Lagre"), **{"termin-0-day": "15"}),
    post("new-participant", SLUG, form=("okonomi/plan/", "Legg til"), organisation="sigdal"),
    get("findings", READ, SLUG),
    get("history", READ, SLUG),
    get("record", READ, SLUG),
    get("record-csv", READ, SLUG),
    get("record-pdf", READ, SLUG),
    get("difference", READ, SLUG, "mal", "1"),
    get("documents", READ, SLUG),
    get("agreement-pdf", READ, SLUG),
    get("contributions-pdf", READ, SLUG),
    get("plans", ANYBODY),
    get("new-plan", ANYBODY),
    Row(
        "new-plan",
        "POST",
        dict.fromkeys(CAST, 403) | dict.fromkeys((*EDITORS, "outsider"), 302),
        form=("/okonomi/ny/", "Lag planen"),
    ),
    get("study-economy", READ, "study"),
    get("study-plan", EDIT, "study"),
    post("study-plan", "study", form=("/okonomi/study/plan/", "Lagre"), name="Ny plan"),
    post(
        "study-new-participant",
        "study",
        form=("/okonomi/study/plan/", "Legg til"),
        organisation="sigdal",
    ),
    get("study-comparison-pdf", READ, "study"),
    get("study-contributions-xlsx", READ, "study"),
    get("study-contributions-csv", READ, "study"),
    get("study-contributions-json", READ, "study"),
    get("study-current", READ, "study"),
    post("study-current", "study", form=("/okonomi/study/dagens-bidrag/", "Lagre"), year="2024"),
    get("study-instalments", READ, "study"),
    post(
        "study-instalments",
        "study",
        form=("/okonomi/study/betalingsplan/", "Lagre"),
        **{"termin-0-day": "15"},
    ),
    post(
        "study-new-alternative",
        "study",
        form=("/okonomi/study/", "Lag alternativet"),
        name="Alternativ B",
    ),
    get("study-alternative", EDIT, "study", "third"),
    post(
        "study-alternative",
        "study",
        "third",
        form=("/okonomi/study/alternativ/third/", "Lagre"),
        name="B",
    ),
    Row(
        "study-preview-alternative",
        "POST",
        EDIT,
        ("study", "third"),
        ("/okonomi/study/alternativ/third/", "Lagre"),
    ),
    post(
        "study-delete-alternative",
        "study",
        "third",
        form=("/okonomi/study/alternativ/third/", "Slett"),
    ),
    get("study-what-if", READ, "study", "third"),
    Row(
        "study-what-if",
        "POST",
        READ,
        ("study", "third"),
        ("/okonomi/study/alternativ/third/hva-om/", "Regn ut"),
    ),
    get("comparison-pdf", READ, SLUG),
    get("contributions-xlsx", READ, SLUG),
    get("contributions-csv", READ, SLUG),
    get("contributions-json", READ, SLUG),
    get("login", dict.fromkeys(CAST, 302), nobody=200),
    Row("logout", "POST", dict.fromkeys(CAST, 302)),
    get("first-run", NOBODY_HOME, nobody=404),
    get("register", ANYBODY),
    get("statistics", OPERATORS),
    Row("start-statistics", "POST", OPERATORS),
    get("statistics-import", OPERATORS, "1"),
    Row("fetch-statistics", "POST", OPERATORS, ("1",)),
    Row("use-statistics", "POST", OPERATORS, ("1",)),
    Row("discard-statistics", "POST", OPERATORS, ("1",)),
    get("verify-table", ANYBODY),
    Row(
        "verify-table",
        "POST",
        dict.fromkeys(CAST, 422),
        form=("/okonomi/kontrollregning/", "Kontroller"),
    ),
    get("municipality", ANYBODY, "3305"),
    get("region", ANYBODY, "ringeriksregionen"),
    get("review", READ, SLUG),
    get("freeze", ADMINISTER, SLUG),
    Row(
        "freeze",
        "POST",
        ADMINISTER | {"administrator": 302},
        (SLUG,),
        ("behandling/las/", "Lås"),
        data={"deadline": "soon"},
        state="ready",
    ),
    get("step", ADMINISTER, SLUG, "withdraw"),
    get("decision", NOTHING_SENT, SLUG, "3310"),
    get("version", NOTHING_SENT, SLUG, "1"),
    get("version-pdf", NOTHING_SENT, SLUG, "1"),
    get("version-difference", NOTHING_SENT, SLUG, "1", "2"),
    *(
        during("review", row)
        for row in (
            get("agreement", SENT | {"reader": 302}, SLUG),
            get("text", NOT_SENT, SLUG),
            get("economy", NOT_SENT, SLUG),
            get("inputs", NOT_SENT, SLUG),
            get("clause", dict.fromkeys(CAST, 403) | {"outsider": 404}, SLUG, "formaal"),
            get("review", SENT, SLUG),
            get("version", SENT, SLUG, "1"),
            get("version-pdf", SENT, SLUG, "1"),
            get("step", ADMINISTER_SENT, SLUG, "withdraw"),
            Row(
                "step",
                "POST",
                STEP,
                (SLUG, "withdraw"),
                ("behandling/steg/withdraw/", "Trekk"),
                data={"reason": "Feil sats."},
            ),
            get("decision", HOLES, SLUG, "3310"),
            Row(
                "decision",
                "POST",
                HOLES_OWN,
                (SLUG, "3310"),
                ("behandling/svar/3310/", "Send svaret"),
                data={"stance": "positive"},
            ),
            Row(
                "delegate",
                "POST",
                HOLES_OWN,
                (SLUG, "3310"),
                ("behandling/svar/3310/", "Deleger"),
                data={"given_to": "lars", "first_day": "soon", "last_day": "soon"}
                | {"reason": "Ferie"},
            ),
            get("resolution", ADMINISTER_SENT, SLUG, "3310"),
        )
    ),
    during(
        "answered",
        Row(
            "take-back",
            "POST",
            HOLES_OWN,
            (SLUG, "3310"),
            ("behandling/svar/3310/", "Trekk svaret"),
            data={"reason": "Nye tall."},
        ),
    ),
    during("delegated", Row("revoke-delegation", "POST", HOLES_OWN, (SLUG, "3310", "delegation"))),
    *(
        during("resolution", row)
        for row in (
            get("resolution", ADMINISTER_SENT, SLUG, "3310"),
            Row(
                "resolution",
                "POST",
                STEP,
                (SLUG, "3310"),
                ("behandling/vedtak/3310/", "Lagre vedtaket"),
                data={"case_number": "1/25", "decided_on": "2025-06-01", "outcome": "adopted"},
            ),
            get("resolution-extract", SENT, SLUG, "extract"),
        )
    ),
    during("two-versions", get("version-difference", SENT, SLUG, "1", "2")),
]
