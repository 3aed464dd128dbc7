"""Documents of every kind that are as long, as wide and as deep as people can make them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from agreements.domain.case_paper import (
    CasePaper,
    Decided,
    Former,
    FormerKind,
    Frozen,
    Part,
    Said,
    Standing,
    Today,
    View,
)
from agreements.domain.checks import Position
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Body,
    BodyKind,
    Choice,
    Clause,
    Document,
    Service,
    ServiceChoice,
    ServiceLevel,
)
from agreements.domain.guards import Outcome
from financing.study import Study
from tests import builders, papers, spreadsheets, stress_documents
from tests.stress_documents import LONG_NAME, SENTENCE

HEADING = (
    "Partenes felles ansvar for oppfølging, utvikling og evaluering av tjenesten, og for at "
    "kommunene hvert år får vite hva den har kostet og hva den har ført til i regionen"
)  # 160 letters
TITLE = (
    "Samarbeidsavtale om etablerertjenesten i Nordre og Søndre Stjørdalsfjorden, med felles "
    "veiledning, kurs og oppfølging av alle som vil starte en ny virksomhet i området"
)  # 160 letters
PERSON = "Anne-Margrethe Wilhelmine Christoffersen-Ødegård Bjørnstjerne"  # 61 letters
MANDATE = "Kommunestyrets vedtak i sak 123/26, punkt 4, jf. kommuneloven § 6-1 og delegeringsreglementet. "
CODE = "offl. § 13 jf. fvl. § 13 første ledd nr. 2"
WORD = "interkommunalnæringsutviklingssamarbeidsavtale" * 3
SHA256 = "ab" * 32


def a_nested(prefix: str, levels: int = 4) -> Clause:
    """A point with points below it, two at each level, down to `levels`."""
    below = tuple(a_nested(f"{prefix}-{n}", levels - 1) for n in (1, 2)) if levels > 1 else ()
    heading = HEADING if prefix.endswith("2") else f"Punkt {prefix.replace('-', '.')}"
    return Clause(prefix, heading, f"{SENTENCE * 2}\n\n- først\n  - så\n    1. sist", "", below)


def a_long_list(items: int) -> str:
    """Points with points below them."""
    return "\n".join(
        f"- {SENTENCE * (1 + n % 3)}" + (f"\n  1. {SENTENCE}\n  2. kort" if n % 4 == 0 else "")
        for n in range(items)
    )


def services(number: int) -> tuple[Service, ...]:
    """A checklist of three levels, with choices and prices."""
    levels = list(ServiceLevel)
    made = []
    for n in range(number):
        level = levels[n * len(levels) // number]
        choices = ()
        if level is ServiceLevel.ADDITIONAL:
            choices = (
                ServiceChoice(builders.MYRVANG, Choice.OUT),
                ServiceChoice(builders.GRANSTAD, Choice.BOUGHT, Decimal("12500")),
            )
        made.append(Service(f"linje-{n}", level, f"Linje {n + 1}: {SENTENCE[:-2]}", choices))
    return tuple(made)


def attachments(number: int) -> tuple[Attachment, ...]:
    """Attachments with long titles, every third kept from the public."""
    return tuple(
        Attachment(
            f"Vedlegg om {HEADING[:140].lower()}" if n % 4 == 1 else f"Vedlegg nummer {n + 1}",
            AttachmentKind.OTHER,
            CODE if n % 3 == 0 else "",
            SHA256,
        )
        for n in range(number)
    )


def a_long_agreement() -> Document:
    """Forty pages with ten who sign: all that an agreement may have, and most of it long."""
    clauses = [*builders.clauses()]
    for n in range(1, 27):
        match n % 5:
            case 0:
                clauses.append(a_nested(f"dyp-{n}"))
            case 1:
                clauses.append(
                    Clause(f"lang-{n}", f"Lang tekst {n}", "\n\n".join([SENTENCE * 3] * 9))
                )
            case 2:
                clauses.append(Clause(f"liste-{n}", f"Lang liste {n}", a_long_list(14)))
            case 3:
                clauses.append(Clause(f"ord-{n}", HEADING, f"{SENTENCE}{WORD} {SENTENCE}"))
            case _:
                clauses.append(Clause(f"kort-{n}", f"Kort {n}", SENTENCE))
    parties = tuple(
        replace(
            party,
            signatory_name=PERSON if n % 2 else "Kari Li",
            signatory_title="fungerende kommunedirektør og leder for regionrådet" if n % 2 else "",
            mandate=MANDATE * 2 if n % 3 == 0 else "",
        )
        for n, party in enumerate(stress_documents.with_parties(10, long_names=True).parties)
    )
    return builders.a_document(
        title=TITLE,
        region="Nordre og Søndre Stjørdalsfjorden interkommunale politiske råd",
        clauses=tuple(clauses),
        parties=parties,
        services=services(24),
        attachments=attachments(24),
        financing=stress_documents.a_wide_financing(20, 4, base="100000"),
    )


def a_short_agreement() -> Document:
    """Three pages, two parties: what most agreements look like."""
    return replace(
        stress_documents.with_parties(2),
        clauses=builders.clauses()[:6],
        services=(),
        attachments=(),
    )


def a_long_paper() -> CasePaper:
    """A case paper for one municipality among sixteen, with long answers, inputs and texts."""
    bodies = [
        Body(f"70{n:02}", f"{LONG_NAME} {n + 1}", f"{LONG_NAME} {n + 1}", BodyKind.MUNICIPALITY)
        for n in range(16)
    ]
    financing = stress_documents.a_wide_financing(20, 10, long_names=True)
    table = financing.table
    tables = tuple(
        replace(table, alternative=f"Alternativ {n} med et navn som er langt") for n in range(1, 5)
    )
    stances = list(Position)
    views = tuple(
        View(
            body,
            stances[n % 4],
            tables[n % 4].alternative if n % 2 else "",
            SENTENCE * (n % 5),
            papers.DAY,
            delegated=n % 3 == 0,
            decided=Decided(list(Outcome)[n % 3], f"{n}/26", papers.DAY, SENTENCE * (n % 4)),
        )
        for n, body in enumerate(bodies)
    )
    said = tuple(
        Said(
            bodies[n % 16].name,
            f"{n + 1} {HEADING}" if n % 3 else "",
            n % 2 == 0,
            SENTENCE * (1 + n % 4),
            ("accepted", "declined", "open")[n % 3],
            SENTENCE if n % 3 == 1 else "",
            3 if n % 3 == 0 else None,
            papers.DAY,
            2 if n % 3 == 0 else None,
        )
        for n in range(14)
    )
    return papers.a_paper(
        document=replace(a_long_agreement(), financing=financing),
        recipient=bodies[2],
        frozen=Frozen(12, SHA256, papers.DAY),
        former=Former(
            FormerKind.PREVIOUS, TITLE, papers.DAY, tuple(f"{n}: {SENTENCE}" for n in range(20))
        ),
        views=views,
        inputs=said,
        tables=tables,
        today=Today(2025, tuple((row.key, Decimal(150000)) for row in table.rows), (SENTENCE,)),
        standing=tuple(Standing(SENTENCE, SENTENCE) for _ in range(8)),
        waiting=tuple(body.name for body in bodies[:5]),
        texts=(
            (Part.BACKGROUND, "\n\n".join([SENTENCE * 4] * 6)),
            (Part.ASSESSMENT, f"{a_long_list(9)}\n\n{WORD}\n\n{SENTENCE}"),
        ),
    )


def a_wide_study() -> Study:
    """Seven alternatives of twenty contributors over ten years, with long names."""
    study = spreadsheets.every_rule()
    tables = [
        stress_documents.a_wide_financing(20, 10, base=base, long_names=True).table
        for base in ("0", "100000", "1250000", "0", "0", "0", "0")
    ]
    alternative = study.alternatives[0][0]
    pairs = tuple(
        (
            replace(alternative, name=f"Alternativ {n} med et langt navn"),
            replace(table, alternative=f"Alternativ {n} med et langt navn"),
        )
        for n, table in enumerate(tables, start=1)
    )
    return replace(study, name=TITLE, region=LONG_NAME, years=tables[0].years, alternatives=pairs)


@dataclass(frozen=True)
class Line:
    """A line of the record, as `record_lines` gives them."""

    number: int
    at: dt.datetime
    actor: str
    organisation: str
    text: str
    aside: str
    hash: str


def record_lines(number: int) -> list[Line]:
    """Lines short and long."""
    start = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    return [
        Line(
            number=n,
            at=start + dt.timedelta(hours=5 * n),
            actor=PERSON if n % 5 == 0 else "Kari Nordmann",
            organisation=LONG_NAME if n % 5 < 2 else "Elveby kommune",
            text=(f"Punktet «{HEADING}» ble endret" if n % 4 == 0 else "Avtalen ble opprettet")
            + (f": {WORD}" if n % 11 == 0 else ""),
            aside="(versjon 2)" if n % 3 else "",
            hash=f"{n:02x}" * 32,
        )
        for n in range(1, number + 1)
    ]


CONDITIONS = SENTENCE * 27  # nearly as long as the field takes


def with_long_conditions() -> CasePaper:
    """One council whose conditions are longer than a page."""
    views = [
        replace(view, decided=Decided(Outcome.CONDITIONAL, f"{n}/26", papers.DAY, "Ikke dyrere."))
        for n, view in enumerate(papers.views())
    ]
    assert views[1].decided is not None
    views[1] = replace(views[1], decided=replace(views[1].decided, conditions=CONDITIONS))
    return papers.a_paper(views=tuple(views))
