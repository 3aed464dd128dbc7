"""Who may open and send what: one table of role x address x method, and nothing left out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse

import agreements.urls
import financing.urls
import municipalities.urls
from agreements import documents
from agreements.models import Agreement
from financing.models import Plan
from municipalities.models import Organisation, User
from tests import pages
from tests.conftest import CAST
from tests.studies import a_study

As = Callable[[str], Client]
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

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


def get(name: str, statuses: dict[str, int], *args: object, nobody: int = 302) -> Row:
    return Row(name, "GET", statuses, args, nobody=nobody)


def post(name: str, /, *args: object, form: tuple[str, str] | None = None, **data: str) -> Row:
    return Row(name, "POST", SEND, args, form, data=data)


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
]
ids = [str(row) for row in TABLE]


@dataclass
class Real:
    """The table's words in this database: primary keys, and the key of a service there is."""

    agreement: Agreement
    study: Plan

    def word(self, word: object) -> str:
        first, second = self.agreement.plan.alternatives.order_by("position")[:2]
        nav = Organisation.objects.get(key="nav-ost-viken")
        service = self.agreement.services.filter(level="minimum")[0]
        known = {"first": first.pk, "second": second.pk, "nav": nav.pk, "service": service.key}
        sigdal = Organisation.objects.get(short_name="Sigdal")
        known |= {
            "sigdal": sigdal.pk,
            "study": self.study.pk,
            "third": self.study.alternatives.get().pk,
        }
        return str(known.get(str(word), word))

    def address(self, row: Row) -> str:
        return reverse(row.name, args=[self.word(arg) for arg in row.args])

    def data(self, row: Row, editor: Client) -> dict[str, Any]:
        """What an editor would send."""
        if row.form is None:
            return {}
        path, button = row.form
        path = "/".join(self.word(part) for part in path.split("/"))
        base = "" if path.startswith("/") else f"/avtaler/{SLUG}/"
        own = {"Slett", "Fjern", "Lagre valget", "Lag alternativet"}
        alone = button in own or row.name.endswith("new-participant")
        action = self.address(row) if alone and row.name != "delete-clause" else ""
        sent = pages.form(editor.get(base + path), button, action)
        return pages.changed(sent, **{name: self.word(value) for name, value in row.data.items()})


@pytest.fixture
def real(ringerike: Agreement) -> Real:
    return Real(ringerike, a_study())


@pytest.fixture(autouse=True)
def _no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may have a PDF is decided before one is made; making it takes a second."""
    for name in ("agreement_pdf", "contributions_pdf", "comparison_pdf"):
        monkeypatch.setattr(documents, name, lambda *given: b"%PDF-")


def send(client: Client, row: Row, address: str, data: dict[str, Any]) -> HttpResponse:
    return client.get(address) if row.method == "GET" else client.post(address, data)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the three rooms, to tell whether anything was written."""
    return {
        model._meta.label: list(model.objects.order_by("pk").values_list())
        for room in ("municipalities", "financing", "agreements")
        for model in apps.get_app_config(room).get_models(include_auto_created=True)
        if model is not User  # last_login
    }


def refused(row: Row) -> Iterator[str]:
    return (who for who, status in row.statuses.items() if status in (403, 404))


@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_outsiders_and_insiders_without_the_right_get_the_status_of_the_table(
    row: Row, as_: As, real: Real
) -> None:
    data = real.data(row, as_("editor")) if row.method == "POST" else {}
    before = everything()
    for who in refused(row):
        answer = send(as_(who), row, real.address(row), data)
        assert answer.status_code == row.statuses[who], who
    assert everything() == before


@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_those_with_the_right_get_in(row: Row, as_: As, real: Real) -> None:
    for who in sorted(CAST.keys() - set(refused(row))):
        with transaction.atomic():
            data = real.data(row, as_(who))
            answer = send(as_(who), row, real.address(row), data)
            assert answer.status_code == row.statuses[who], who
            transaction.set_rollback(True)


@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_nobody_is_sent_to_the_login_page_and_writes_nothing(row: Row, as_: As, real: Real) -> None:
    data = real.data(row, as_("editor")) if row.method == "POST" else {}
    before = everything()
    address = real.address(row)
    answer = send(as_("nobody"), row, address, data)
    if answer.status_code == 403:
        # The session ran out while somebody typed: the text comes back, see municipalities/kept.py.
        assert row.form is not None
        assert "Logg inn" in pages.text(answer)
    else:
        assert answer.status_code == row.nobody
        if row.nobody == 302 and row.name != "logout":
            assert answer["Location"] == f"/logg-inn/?next={address}"
    assert everything() == before


@pytest.mark.parametrize("row", [r for r in TABLE if r.method == "POST"], ids=str)
def test_a_post_without_the_csrf_token_is_refused(row: Row, as_: As, real: Real) -> None:
    data = real.data(row, as_("editor"))
    before = everything()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(email=CAST["editor"]))
    assert client.post(real.address(row), data).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("row", [r for r in TABLE if r.method == "POST"], ids=str)
def test_what_changes_something_is_not_done_by_a_get(row: Row, as_: As, real: Real) -> None:
    before = everything()
    answer = as_("editor").get(real.address(row))
    assert answer.status_code in (200, 405)
    assert everything() == before


def test_no_address_is_missing_from_the_table() -> None:
    rooms = (agreements.urls, financing.urls, municipalities.urls)
    patterns = [pattern for room in rooms for pattern in room.urlpatterns]
    assert {row.name for row in TABLE} == {pattern.name for pattern in patterns}


def test_every_address_that_takes_a_form_is_sent_one_in_the_table(real: Real, as_: As) -> None:
    sent = {row.name for row in TABLE if row.method == "POST"} | {"login", "first-run"}
    for row in TABLE:
        answer = as_("editor").options(real.address(row))
        if "POST" in answer.get("Allow", ""):
            assert row.name in sent, row.name


def test_a_person_who_is_shut_out_gets_nothing(as_: As) -> None:
    client = as_("editor")
    User.objects.filter(email=CAST["editor"]).update(is_active=False)
    answer = client.get(f"/avtaler/{SLUG}/")
    assert (answer.status_code, resolve("/logg-inn/").url_name) == (302, "login")


def test_a_person_who_loses_the_role_loses_the_right_at_once(as_: As) -> None:
    client = as_("editor")
    user = User.objects.get(email=CAST["editor"])
    user.memberships.update(role="director")
    assert client.get(f"/avtaler/{SLUG}/tekst/").status_code == 200
    assert client.get(f"/avtaler/{SLUG}/opplysninger/").status_code == 403
    user.memberships.all().delete()
    assert client.get(f"/avtaler/{SLUG}/tekst/").status_code == 404


def test_an_agreement_that_does_not_exist_looks_like_one_that_is_not_ours(as_: As) -> None:
    ours, other = (as_("outsider").get(f"/avtaler/{slug}/") for slug in (SLUG, "finnes-ikke"))
    assert ours.status_code == other.status_code == 404
    assert pages.text(ours) == pages.text(other)


def test_the_pages_offer_editing_only_to_those_who_may(as_: As) -> None:
    for page in ("", "tekst/", "parter/", "tjenester/", "okonomi/"):
        address = f"/avtaler/{SLUG}/{page}"
        for who, expected in (("editor", True), ("director", False), ("county", False)):
            read = pages.page(as_(who).get(address))
            forms = [n for n in read.all("form", method="post") if n.get("action") != "/logg-ut/"]
            links = [n["href"] for n in read.all("a") if n["href"].startswith(address)]
            edits = [link for link in links if link.removeprefix(address).startswith("punkt/")]
            assert bool(forms or edits) == (expected and page not in ("", "parter/")), (who, page)
