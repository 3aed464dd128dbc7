"""Looking things up in the register, what it starts with, and editing it."""

import datetime as dt
import html

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from municipalities import access, register
from municipalities.events import AppendOnlyError
from municipalities.models import (
    County,
    Membership,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    RegisterEvent,
    User,
)

pytestmark = pytest.mark.django_db
NEW_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def loaded() -> None:
    """The register as shipped."""
    register.load()


def person(email: str, *roles: tuple[str, str], **fields: object) -> User:
    """A person with (organisation key, role) pairs."""
    user = User.objects.create_user(email, name=email.split("@")[0], **fields)
    for key, role in roles:
        organisation = Organisation.objects.get(key=key)
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@pytest.fixture
def reader(client: Client, loaded: None) -> Client:
    """Somebody with the least of roles, logged in."""
    client.force_login(person("leser@eksempel.no", ("3310", "reader")))
    return client


@pytest.fixture
def administrator(client: Client, loaded: None) -> Client:
    """Somebody who may use the administration pages, logged in."""
    client.force_login(
        person("drift@eksempel.no", ("3305", "administrator"), is_staff=True, is_superuser=True)
    )
    return client


def figures(slug: str, day: dt.date) -> list[int]:
    """The population of a region's members on a day, in alphabetical order."""
    members = list(Region.objects.get(slug=slug).members.all())
    found = register.population_on(members, day)
    return [found[m.pk].value for m in members if m.pk in found]


# --- what the program ships ----------------------------------------------------------------------


def test_shipped_facts(loaded: None) -> None:
    """The regions, their figures, and the bodies that have come and gone."""
    ringerike = Region.objects.get(slug="ringeriksregionen")
    assert ringerike.contract_municipality.number == "3305"
    names = [m.name for m in ringerike.members.all()]
    assert names == ["Hole", "Jevnaker", "Krødsherad", "Modum", "Ringerike"]
    assert figures("ringeriksregionen", NEW_YEAR) == [7065, 7043, 2235, 14664, 31793]
    assert sum(figures("ringeriksregionen", NEW_YEAR)) == 62_800
    assert sum(figures("mosseregionen", dt.date(2021, 7, 1))) == 81_968
    assert PopulationFigure.objects.filter(reference_date=dt.date(2021, 1, 1)).count() == 25
    viken = Organisation.objects.get(key="30")
    assert (viken.valid_to, viken.successor) == (dt.date(2023, 12, 31), None)
    assert not viken.is_valid(dt.date(2026, 1, 1))
    assert Organisation.objects.get(key="33").is_valid(dt.date(2024, 1, 1))
    assert Organisation.objects.get(key="nav-vest-viken").unit_of.name == "Nav"
    assert "Mosseregionen" in Region.objects.get(slug="indre-ostfold").note
    for model in (County, Municipality, Organisation, Region, PopulationFigure):
        assert not model.objects.filter(source="").exists()
    for region in Region.objects.all():
        assert region.contract_municipality in region.members.all()


def test_loading_again_changes_nothing(loaded: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything is unchanged, and only the first time left an event."""
    call_command("load_register")
    said = capsys.readouterr().out
    assert "municipalities: 31 unchanged" in said
    assert "added" not in said
    assert RegisterEvent.objects.filter(action="register.loaded").count() == 1


def test_what_was_edited_by_hand_is_kept() -> None:
    """A column somebody changed stays; the others still follow the shipped facts."""
    register.load()
    region = Region.objects.get(slug="ringeriksregionen")
    region.operator = None
    region.members.remove(Municipality.objects.get(number="3310"))
    region.note = "et eldre notat"
    region.shipped["note"] = "et eldre notat"  # as an older release shipped it
    region.save()
    tally = register.load()
    region.refresh_from_db()
    assert region.operator is None
    assert not region.members.filter(number="3310").exists()
    assert region.note.startswith("Satsene er minstesatsene")
    assert tally["regions", "changed"] == 1
    assert register.load()["regions", "kept"] == 1


def test_loading_leaves_an_entered_figure_alone() -> None:
    """Somebody's correction is not overruled by the shipped figure, and is not lost."""
    register.load()
    hole = Municipality.objects.get(number="3310")
    PopulationFigure.objects.create(
        municipality=hole, reference_date=NEW_YEAR, value=7066, source="SSB, rettet"
    )
    register.load()
    assert register.population_on([hole], NEW_YEAR)[hole.pk].value == 7066


def test_loading_does_not_overrule_what_was_imported_first() -> None:
    """An installation may import the whole country before the shipped facts."""
    county = County.objects.create(number="33", name="Buskerud")
    modum = Municipality.objects.create(number="3316", name="Modum herad", county=county)
    PopulationFigure.objects.create(
        municipality=modum, reference_date=NEW_YEAR, value=14700, source="SSB"
    )
    register.load()
    modum.refresh_from_db()
    assert modum.name == "Modum herad"
    assert modum.organisation.name == "Modum herad kommune"
    assert register.population_on([modum], NEW_YEAR)[modum.pk].value == 14700


# --- invariants ----------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [PopulationFigure, RegisterEvent])
def test_append_only(loaded: None, table: type[PopulationFigure] | type[RegisterEvent]) -> None:
    """Neither the program nor the database lets a stored row be changed or removed."""
    row = table.objects.first()
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    for change in (
        lambda: table.objects.filter(pk=row.pk).update(id=row.pk),
        lambda: table.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_the_database_restates_the_rules(loaded: None) -> None:
    """Numbers are digits, dates are in order, links fit the kind, addresses are lower case."""
    county = County.objects.get(number="33")
    broken = [
        (County(number="3x", name="Fjelland"), "county_number_digits"),
        (Municipality(number="33x5", name="Elveby", county=county), "municipality_number_digits"),
        (
            County(number="98", name="B", valid_from=NEW_YEAR, valid_to=dt.date(2024, 12, 31)),
            "county_validity",
        ),
        (
            Organisation(key="feil", kind="operator", name="A", short_name="A", county=county),
            "organisation_kind_matches_link",
        ),
        (User(email="Kari@eksempel.no", name="Kari"), "user_email_lower_case"),
    ]
    for row, constraint in broken:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            row.save()


def test_norwegian_order(loaded: None) -> None:
    """Everywhere, without the database's help."""
    names = list(Municipality.objects.values_list("name", flat=True))
    assert names.index("Vestby") < names.index("Våler") < names.index("Øvre Eiker")
    assert names[-2:] == ["Øvre Eiker", "Ål"]
    regions = list(Region.objects.values_list("name", flat=True))
    assert regions == ["Indre Østfold", "Mosseregionen", "Ringeriksregionen", "Søndre Østfold"]
    for name in ("Åse", "Aase", "Zara", "Ærlig"):
        User.objects.create_user(f"{len(name)}{ord(name[0])}@eksempel.no", name=name)
    assert [u.name for u in User.objects.all()] == ["Zara", "Ærlig", "Åse", "Aase"]


# --- questions -----------------------------------------------------------------------------------


def test_questions_take_one_query_each(loaded: None, django_assert_num_queries: object) -> None:
    """However many municipalities."""
    every = list(Municipality.objects.all())
    with django_assert_num_queries(1):
        assert len(register.population_on(every, dt.date(2021, 1, 1))) == 25
    with django_assert_num_queries(1):
        assert len(register.latest_population(every)) == 29
    with django_assert_num_queries(1):
        assert register.available_dates(every) == ()


def test_dates_that_every_municipality_has(loaded: None) -> None:
    """A date counts only when nobody is missing; a corrected figure does not count twice."""
    members = list(Region.objects.get(slug="ringeriksregionen").members.all())
    assert register.available_dates(members) == (NEW_YEAR, dt.date(2021, 1, 1))
    later = dt.date(2026, 1, 1)
    for value in (1, 2):
        PopulationFigure.objects.create(
            municipality=members[0], reference_date=later, value=value, source="SSB"
        )
    assert later not in register.available_dates(members)
    assert register.available_dates(members[:1])[0] == later
    assert register.population_on(members, later)[members[0].pk].value == 2
    assert members[1].pk not in register.population_on(members, later)
    assert register.available_dates([]) == ()


def test_roles_are_asked_for_once(loaded: None, django_assert_num_queries: object) -> None:
    """And nobody, or somebody shut out, has none."""
    user = person(
        "kari@eksempel.no", ("3305", "editor"), ("3305", "administrator"), ("33", "reader")
    )
    user = User.objects.get(pk=user.pk)
    ringerike = Organisation.objects.get(key="3305").pk
    buskerud = Organisation.objects.get(key="33").pk
    with django_assert_num_queries(1):
        assert access.organisation_ids(user, "editor") == {ringerike}
        assert access.organisation_ids(user, "editor", "reader") == {ringerike, buskerud}
        assert access.organisation_ids(user) == {ringerike, buskerud}
        assert access.organisation_ids(user, "director") == set()
    user = User.objects.get(pk=user.pk)
    user.is_active = False
    assert access.roles(user) == set()
    assert not access.may_see_register(User())


# --- pages ---------------------------------------------------------------------------------------

PAGES = ["/kommuner/", "/kommuner/3305/", "/kommuner/regioner/ringeriksregionen/"]


@pytest.mark.parametrize("page", PAGES)
def test_who_may_look(page: str, client: Client, loaded: None) -> None:
    """A stranger logs in first, an outsider finds nothing, any role is enough; only GET."""
    answer = client.get(page)
    assert (answer.status_code, answer["Location"]) == (302, f"/logg-inn/?next={page}")
    client.force_login(person("utenfor@eksempel.no"))
    assert client.get(page).status_code == 404
    client.force_login(person("leser@eksempel.no", ("sirius-act", "reader")))
    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 405


def test_the_list(reader: Client) -> None:
    """Number, name, county, the latest figure with its date, regions."""
    text = html.unescape(reader.get("/kommuner/").content.decode())
    row = text[text.index("Ringerike</a>") : text.index("Rollag</a>")]
    for part in ("<td>3305</td>", "Buskerud", "31\u00a0793", "1.1.2025", "Ringeriksregionen"):
        assert part in row
    assert text.index("Vestby") < text.index("Våler") < text.index("Ål</a>")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ringerike", ["Ringerike"]),
        ("  RINGERIKE ", ["Ringerike"]),
        ("331", ["Hole", "Krødsherad", "Lier", "Modum", "Øvre Eiker"]),
        ("telemark", ["Hjartdal", "Notodden", "Tinn"]),
        ("aal", ["Våler", "Ål"]),
        ("mosse", ["Moss", "Råde", "Vestby", "Våler"]),
        ("krodsherad", []),
        ("%", []),
        ("_", []),
        ("'", []),
        ("²", []),
        ("9" * 80, []),
    ],
)
def test_searching(typed: str, found: list[str], reader: Client) -> None:
    """By a part of the name, number, county or region; signs have no meaning of their own."""
    answer = reader.get("/kommuner/", {"q": typed})
    assert answer.status_code == 200
    assert [row.name for row, _ in answer.context["rows"]] == found
    if not found:
        assert "Ingen kommuner passer" in answer.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "q=" + "x" * 81])
def test_searches_that_are_refused(query: str, reader: Client) -> None:
    """A message in the page, and no rows."""
    answer = reader.get(f"/kommuner/?{query}")
    assert answer.status_code == 400
    assert answer.context["rows"] == []
    assert "id_q_error" in answer.content.decode()


@pytest.mark.parametrize("side", ["0", "-1", "x", "%00", "999999", "9" * 5000, "1.5", "²"])
def test_odd_page_numbers(side: str, reader: Client) -> None:
    """Lead to a page that exists."""
    assert reader.get(f"/kommuner/?side={side}&q=%ff%fe").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        *("/kommuner/9999/", "/kommuner/330/", "/kommuner/33051/", "/kommuner/%00%00%00%00/"),
        *("/kommuner/٣٣٠٥/", "/kommuner/regioner/finnes-ikke/", "/kommuner/regioner/%00/"),
        *("/kommuner/regioner/" + "x" * 3000 + "/", "/kommuner/3305;drop/"),
    ],
)
def test_addresses_that_lead_nowhere(address: str, reader: Client) -> None:
    """404, never an error."""
    assert reader.get(address).status_code == 404


def test_the_list_takes_the_same_queries_whatever_its_length(
    reader: Client, django_assert_num_queries: object
) -> None:
    """Session, person, roles, count, municipalities, their regions, figures, all regions."""
    with django_assert_num_queries(8):
        reader.get("/kommuner/?q=3305")
    county = County.objects.get(number="33")
    region = Region.objects.get(slug="mosseregionen")
    for number in range(3340, 3399):
        added = Municipality.objects.create(number=str(number), name=f"Ny{number}", county=county)
        region.members.add(added)
        PopulationFigure.objects.create(
            municipality=added, reference_date=NEW_YEAR, value=number, source="SSB"
        )
    with django_assert_num_queries(8):
        first = reader.get("/kommuner/")
    assert len(first.context["rows"]) == 50
    assert "Side 1 av 2" in first.content.decode()
    assert len(reader.get("/kommuner/?side=2").context["rows"]) == 40
    with CaptureQueriesContext(connection) as queries:
        reader.get("/kommuner/regioner/mosseregionen/")
    assert len(queries) == 6


def test_a_municipality(reader: Client) -> None:
    """All its figures with sources, the newest date first; a corrected figure is marked."""
    hole = Municipality.objects.get(number="3310")
    PopulationFigure.objects.create(
        municipality=hole, reference_date=NEW_YEAR, value=7066, source="SSB, <rettet>"
    )
    text = reader.get("/kommuner/3310/").content.decode()
    assert text.index("7\u00a0066") < text.index("7\u00a0065") < text.index("6\u00a0811")
    assert text.count("Rettet siden") == 1
    assert text.index("7\u00a0065") < text.index("Rettet siden") < text.index("6\u00a0811")
    assert "SSB, &lt;rettet&gt;" in text
    assert "Hole kommune" in text
    assert "administrasjon" not in text


def test_a_municipality_with_nothing_known(reader: Client) -> None:
    """Says so, instead of leaving holes."""
    county = County.objects.get(number="33")
    Municipality.objects.create(number="3399", name="Elveby", county=county)
    text = reader.get("/kommuner/3399/").content.decode()
    assert "Ingen innbyggertall" in text
    assert "Ikke fylt ut" in text


def test_a_region(reader: Client) -> None:
    """Contract municipality, operator, rates, and the population of each date with its sum."""
    moss = Municipality.objects.get(number="3103")
    PopulationFigure.objects.create(
        municipality=moss, reference_date=NEW_YEAR, value=52646, source="SSB"
    )
    text = reader.get("/kommuner/regioner/mosseregionen/").content.decode()
    for part in ("Mosseregionen Næringsutvikling AS", "5,50 kr", "2,50 kr", "81\u00a0968"):
        assert part in text
    assert text.count("52\u00a0646") == 1  # not as a sum: three municipalities lack a figure
    assert reader.get("/kommuner/regioner/mosseregionen/").context["sums"] == [None, 81_968]


# --- administration pages ------------------------------------------------------------------------

ADMIN = "/administrasjon"


def test_only_administrators_use_the_administration_pages(client: Client, loaded: None) -> None:
    """Others log in at the one login page, or are refused; a role in a municipality is not enough."""
    kari = person("kari@eksempel.no", ("3305", "administrator"), is_staff=True)
    at_login = client.get(f"{ADMIN}/", follow=True)
    assert at_login.redirect_chain[-1][0] == f"/logg-inn/?next={ADMIN}/"
    client.force_login(kari)
    assert client.get(f"{ADMIN}/", follow=True).status_code == 403


def test_every_administration_page_opens(administrator: Client) -> None:
    """Lists, searches, add and change pages of everything registered."""
    for model in (
        County,
        Municipality,
        Organisation,
        Region,
        PopulationFigure,
        RegisterEvent,
        User,
    ):
        base = f"{ADMIN}/municipalities/{model._meta.model_name}"
        assert administrator.get(f"{base}/?q=a").status_code == 200
        assert administrator.get(f"{base}/{model.objects.first().pk}/change/").status_code == 200
        refused = {RegisterEvent: 403}.get(model, 200)
        assert administrator.get(f"{base}/add/").status_code == refused
        assert administrator.get(f"{base}/{model.objects.first().pk}/delete/").status_code == 403


def test_adding_a_person_with_roles(administrator: Client) -> None:
    """Password and roles on one page; the event says which roles, and never the password."""
    fields = {
        "name": "Nora Vik",
        "email": "Nora.Vik@Eksempel.no",
        "password1": "hemmelig fjelltur 7",
        "password2": "hemmelig fjelltur 7",
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-organisation": str(Organisation.objects.get(key="3310").pk),
        "memberships-0-role": "director",
    }
    address = f"{ADMIN}/municipalities/user/add/"
    assert administrator.post(address, {**fields, "password2": "x"}).status_code == 200
    assert administrator.post(address, fields).status_code == 302
    nora = User.objects.get(email="nora.vik@eksempel.no")
    assert nora.check_password("hemmelig fjelltur 7")
    assert not nora.is_staff
    assert [str(m) for m in nora.memberships.all()] == ["Nora Vik: kommunedirektør i Hole kommune"]
    event = RegisterEvent.objects.get(action="user.added")
    assert event.actor.email == "drift@eksempel.no"
    assert "kommunedirektør i Hole kommune" in str(event.data)
    assert "fjelltur" not in str(event.data)
    again = administrator.post(address, {**fields, "email": "NORA.vik@eksempel.no"})
    assert again.status_code == 200
    assert User.objects.filter(email__iexact="nora.vik@eksempel.no").count() == 1


def test_setting_a_password(administrator: Client) -> None:
    """Weak ones are refused; the change is in the record."""
    nora = person("nora@eksempel.no", ("3310", "director"))
    address = f"{ADMIN}/municipalities/user/{nora.pk}/password/"
    weak = {"password1": "123", "password2": "123"}
    assert administrator.post(address, weak).status_code == 200
    good = {"password1": "stille vann 42 dyp", "password2": "stille vann 42 dyp"}
    assert administrator.post(address, good).status_code == 302
    nora.refresh_from_db()
    assert nora.check_password("stille vann 42 dyp")
    event = RegisterEvent.objects.get(action="user.changed")
    assert event.data["id"] == nora.pk
    assert "stille" not in str(event.data)


def test_the_last_administrator_stays(administrator: Client) -> None:
    """Somebody must always be able to open the pages."""
    user = User.objects.get(is_superuser=True)
    fields = {
        "name": user.name,
        "email": user.email,
        "is_active": "on",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    address = f"{ADMIN}/municipalities/user/{user.pk}/change/"
    assert "eneste" in administrator.post(address, fields).content.decode()
    person("neste@eksempel.no", is_superuser=True)
    assert administrator.post(address, fields).status_code == 302
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (False, False)


def test_editing_a_region(administrator: Client) -> None:
    """Rates are recorded before and after; the contract municipality must be a member."""
    region = Region.objects.get(slug="indre-ostfold")
    moss, contract = Municipality.objects.get(number="3103"), region.contract_municipality
    fields = {
        "name": region.name,
        "contract_municipality": contract.pk,
        "members": [contract.pk],
        "operator": region.operator.pk,
        "operator_basis": region.operator_basis,
        "county_rate": "5,50",
        "municipal_rate": "3,00",
        "note": region.note,
        "source": region.source,
        "slug": "prøver-å-endre",
    }
    address = f"{ADMIN}/municipalities/region/{region.pk}/change/"
    assert 'value="2,50"' in administrator.get(address).content.decode()
    refused = administrator.post(address, {**fields, "members": [moss.pk]})
    assert "må være blant kommunene" in refused.content.decode()
    assert administrator.post(address, fields).status_code == 302
    region.refresh_from_db()
    assert region.slug == "indre-ostfold"
    event = RegisterEvent.objects.get(action="region.changed")
    assert event.data["changes"] == {"municipal_rate": ["2.5000", "3.00"]}
    register.load()
    region.refresh_from_db()
    assert str(region.municipal_rate) == "3.0000"


def test_adding_to_the_register(administrator: Client) -> None:
    """A municipality gets its organisation; an operator has neither municipality nor county."""
    county = County.objects.get(number="33")
    base = f"{ADMIN}/municipalities"
    municipality = {"number": "3399", "name": "Elveby", "county": county.pk}
    bad = administrator.post(f"{base}/municipality/add/", {**municipality, "number": "33٩9"})
    assert "Skriv 4 siffer" in bad.content.decode()
    assert administrator.post(f"{base}/municipality/add/", municipality).status_code == 302
    elveby = Municipality.objects.get(number="3399")
    assert elveby.organisation.name == "Elveby kommune"
    assert RegisterEvent.objects.get(action="municipality.added").organisation.key == "3399"
    operator = {"key": "ny", "kind": "operator", "name": "Ny AS", "short_name": "Ny"}
    wrong = administrator.post(f"{base}/organisation/add/", {**operator, "county": county.pk})
    assert "Velg fylke når typen er fylkeskommune" in wrong.content.decode()
    assert administrator.post(f"{base}/organisation/add/", operator).status_code == 302
    figure = {
        "municipality": elveby.pk,
        "reference_date": "2025-01-01",
        "value": "1200",
        "source": "SSB",
    }
    added = administrator.post(f"{base}/populationfigure/add/", figure)
    assert added.status_code == 302
    assert RegisterEvent.objects.get(action="populationfigure.added").organisation.key == "3399"
