"""What the register starts with, what it refuses, and what can be asked of it."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from municipalities import access, register
from municipalities.events import AppendOnlyError
from municipalities.models import (
    County,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    RegisterEvent,
    User,
)
from tests.register_people import person

pytestmark = pytest.mark.django_db
NEW_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def loaded() -> None:
    """The register as shipped."""
    register.load()


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
