"""Looking things up in the register."""

import datetime as dt
import html

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from municipalities import register
from municipalities.models import (
    County,
    Municipality,
    PopulationFigure,
    Region,
)
from tests import pages
from tests.register_people import person

pytestmark = pytest.mark.django_db
NEW_YEAR = dt.date(2025, 1, 1)


@pytest.fixture
def loaded() -> None:
    """The register as shipped."""
    register.load()


@pytest.fixture
def reader(client: Client, loaded: None) -> Client:
    """Somebody with the least of roles, logged in."""
    client.force_login(person("leser@eksempel.no", ("3310", "reader")))
    return client


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
    shown = pages.page(answer)
    # The table of regions is on the page whatever was searched for.
    regions = set(Region.objects.values_list("name", flat=True))
    rows = [row for row in shown.all("th", scope="row") if row.text not in regions]
    assert [row.text for row in rows] == found
    if not found:
        assert "Ingen kommuner passer" in answer.content.decode()


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "q=" + "x" * 81])
def test_searches_that_are_refused(query: str, reader: Client) -> None:
    """A message in the page, and no rows."""
    answer = reader.get(f"/kommuner/?{query}")
    assert answer.status_code == 400
    assert list(answer.context["page"]) == []
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
    """Session, person, roles, count, which they are, figures, their regions, they, all regions."""
    with django_assert_num_queries(9):
        reader.get("/kommuner/?q=3305")
    county = County.objects.get(number="33")
    region = Region.objects.get(slug="mosseregionen")
    for number in range(3340, 3399):
        added = Municipality.objects.create(number=str(number), name=f"Ny{number}", county=county)
        region.members.add(added)
        PopulationFigure.objects.create(
            municipality=added, reference_date=NEW_YEAR, value=number, source="SSB"
        )
    with django_assert_num_queries(9):
        first = reader.get("/kommuner/")
    assert len(first.context["page"]) == 50
    assert "Side 1 av 2" in first.content.decode()
    assert len(reader.get("/kommuner/?side=2").context["page"]) == 40
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
