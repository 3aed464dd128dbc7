"""Agreements that are hard to print: many parties, wide and long tables, long names, other languages.

All are made from the complete agreement of `tests.builders`, with figures that the calculation itself
gives, so that a test may compare what is printed with the cells.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from agreements.domain.document import (
    Body,
    BodyKind,
    Clause,
    Document,
    Financing,
    Language,
    Party,
    PartyRole,
)
from financing.calculation import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    Rule,
    RuleKind,
    Status,
    calculate,
)
from financing.calculation import IndexFactor as Factor
from tests import builders
from tests.builders import a_clause, a_document, a_financing

LONG_NAME = "Nordre og Søndre Stjørdalsfjorden interkommunale vekstselskap"  # 61 letters
SENTENCE = (
    "Tjenesten skal være tilgjengelig for alle innbyggere i regionen, og partene skal hvert år "
    "vurdere om tilbudet svarer til det innbyggerne trenger, slik det er beskrevet i avtalen. "
)


def a_wide_financing(
    contributors: int, years: int, *, counties: int = 2, base: str = "0", long_names: bool = False
) -> Financing:
    """A calculated table of this size: the last contributor of each county is its county authority."""
    payers: list[Contributor] = []
    for number in range(contributors):
        county = number * counties // contributors
        last = number + 1 == contributors or (number + 1) * counties // contributors != county
        kind = ContributorKind.COUNTY_AUTHORITY if last else ContributorKind.MUNICIPALITY
        name = f"Fylke {county + 1} fylkeskommune" if last else f"Kommune {number + 1:02} kommune"
        payers.append(
            Contributor(
                key=f"{70 + county}" if last else f"{70 + county}{number:02}",
                name=f"{LONG_NAME} {number + 1}" if long_names else name,
                kind=kind,
                county=f"{70 + county}",
                county_name=f"Fylke {county + 1}",
                population=None if last else 1234 + 7919 * number,
                status=Status.CONDITIONAL if number == 1 else Status.CONFIRMED,
            )
        )
    keys = {payer.key: payer.kind for payer in payers}
    municipalities = frozenset(k for k, v in keys.items() if v is ContributorKind.MUNICIPALITY)
    first = builders.YEARS[0]
    alternative = Alternative(
        name="Alternativ 1",
        rounding=builders.ROUNDING,
        rules=(
            Rule(
                municipalities,
                RuleKind.PER_INHABITANT,
                base_amount=Decimal(base),
                rate=Decimal("14.50"),
            ),
            Rule(
                frozenset(keys) - municipalities,
                RuleKind.PER_INHABITANT,
                rate=Decimal("5.50"),
                basis=Basis.COUNTY,
                indexed=False,
            ),
        ),
        index=tuple(Factor(first + n, Decimal("4.1"), "Eksempelanslag") for n in range(1, years)),
    )
    table = calculate(tuple(payers), alternative, tuple(range(first, first + years)))
    return a_financing(table=table)


def with_parties(number: int, *, long_names: bool = False) -> Document:
    """The complete agreement with this many parties; the second signs for all builders' members."""
    made = list(builders.parties()[:2])
    for extra in range(number - len(made)):
        name = f"{LONG_NAME} {extra + 1}" if long_names else f"Samarbeidspart {extra + 1} AS"
        body = Body(f"part-{extra}", name, name, BodyKind.COUNCIL)
        made.append(Party(body, PartyRole.PARTNER))
    if long_names:
        members = tuple(
            Body(f"76{n:02}", f"{LONG_NAME} {n}", LONG_NAME, BodyKind.MUNICIPALITY)
            for n in range(1, 9)
        )
        made[1] = replace(made[1], on_behalf_of=members)
    return a_document(parties=tuple(made[:number]))


def with_clauses(number: int, paragraphs: int = 1) -> Document:
    """This many points after the builders' own, every sixth with three points below it."""
    extra = []
    for n in range(1, number + 1):
        text = "\n\n".join([SENTENCE * (1 + n % 4)] * paragraphs)
        children = (
            tuple(
                Clause(f"punkt-{n}-{c}", f"Underpunkt {c}", f"{SENTENCE}\n\n- først\n- så\n- sist")
                for c in range(1, 4)
            )
            if n % 6 == 0
            else ()
        )
        extra.append(Clause(f"punkt-{n}", f"Ekstra punkt nummer {n}", text, "", children))
    return a_document(clauses=(*builders.clauses(), *extra))


def nynorsk() -> Document:
    """The complete agreement in nynorsk: the builders' sentences stay, the set words change."""
    return a_document(
        language=Language.NYNORSK,
        title="Samarbeidsavtale om etablerartenesta i Elvebyregionen 2026–2028",
        clauses=(
            Clause("partar", "Partar", "Denne avtala er inngått mellom:\n\n{{ liste.parter }}"),
            Clause(
                "okonomi",
                "Økonomi",
                "Kommunane betaler kvart år.\n\n{{ tabell.bidrag }}\n\n{{ avsnitt.forbehold }}",
            ),
            Clause("teneste", "Tenester", "{{ liste.tilleggstjenester }}"),
            Clause("slutt", "Tvistar", "Usemje blir løyst ved forhandling, jf. [[punkt:okonomi]]."),
        ),
        services=(),
    )


def with_letters() -> Document:
    """Sami letters, accents, dashes and quotes of every kind an agreement may hold."""
    return a_document(
        clauses=(
            a_clause(
                "Guovdageaidnu, Kárášjohka, Deatnu, Unjárga, Bájddár, Snåase, Røros: "
                "áčđŋšŧž ÁČĐŊŠŦŽ, ïæøå ÏÆØÅ, äöü éèêëòóôàâ. – — «sitat» “sitat” ‘sitat’ § 6-1 … × ½ −5 °C • "
                "1\u00a0234,50 og 10\u202f000 kr, 50 %, 100 €, H₂O, m².",
                heading="Bokstaver – og tegn",
            ),
        )
    )


def with_long_headings() -> Document:
    """Headings over several lines at every level, and words that are wider than any column."""
    word = "interkommunalnæringsutviklingssamarbeidsavtale" * 3
    table = builders.a_table()
    rows = (replace(table.rows[0], name=word), *table.rows[1:])
    heading = "Partenes felles ansvar for oppfølging, utvikling og evaluering av tjenesten " * 2
    inner = Clause(
        "c", f"{heading} innerst", f"{word} {word}\n\n- {word}\n  - {word}\n    1. {word}"
    )
    return a_document(
        title=f"{heading} {word}",
        financing=a_financing(table=replace(table, rows=rows)),
        clauses=(
            *builders.clauses()[4:5],
            Clause("a", heading, "", "", (Clause("b", heading, "Tekst.", "", (inner,)),)),
            Clause("d", word, "**Se [[punkt:c]]** og {{ avtale.tittel }}."),
        ),
    )


def with_problems() -> Document:
    """Facts without a value, an unknown fact and a reference to nothing, and no chosen alternative."""
    return a_document(
        financing=None,
        services=(),
        clauses=(
            *builders.clauses(),
            a_clause(
                "Satsen er {{ okonomi.kommunesats }}, jf. [[punkt:borte]] og {{ ukjent.navn }}.",
                key="hull",
            ),
        ),
    )


def one_clause() -> Document:
    """The shortest agreement there is."""
    return replace(
        with_parties(2), clauses=(a_clause("Partene samarbeider."),), financing=None, services=()
    )


def stress() -> dict[str, Document]:
    """All of them by name."""
    return {
        "two-parties": with_parties(2),
        "twenty-parties": with_parties(20, long_names=True),
        "ten-years": a_document(financing=a_wide_financing(20, 10, long_names=True)),
        "ten-years-base": a_document(financing=a_wide_financing(8, 10, base="1250000")),
        "six-years": a_document(financing=a_wide_financing(8, 6)),
        "five-years-base": a_document(financing=a_wide_financing(8, 5, base="100000")),
        "long-table": a_document(financing=a_wide_financing(120, 4, counties=5, base="100000")),
        "sixty-clauses": with_clauses(60),
        "nynorsk": nynorsk(),
        "letters": with_letters(),
        "long-headings": with_long_headings(),
        "problems": with_problems(),
        "one-clause": one_clause(),
    }
