"""The texts of a case paper that the team may change: as they are until then, and their facts. Pure.

They are clause text (`markup`) and name facts: those of the agreement, and a few of the paper's own. A
fact that is an amount comes from the finished table, so a changed rate is right in every text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from agreements.domain import facts, resolve
from agreements.domain.case_paper import OWN_PARTS, CasePaper, FormerKind, Part, own_row
from agreements.domain.case_paper_sentences import SENTENCES
from agreements.domain.checks import Position
from agreements.domain.document import PartyRole
from agreements.domain.facts import FactInfo
from financing.calculation import Table
from financing.export import HASH_SHOWN
from financing.figures import municipal_sum
from municipalities import norwegian

# The facts of a paper, as the editor offers them.
PAPER_FACTS = (
    FactInfo("sak.versjon", "Versjonen saken gjelder"),
    FactInfo("sak.kontrollsum", "Begynnelsen av versjonens kontrollsum"),
    FactInfo("sak.svar", "Hva kommunedirektørene har svart"),
    FactInfo("sak.ramme", "Alle bidrag til sammen, år for år"),
    FactInfo("sak.kommunebidrag", "Kommunenes bidrag til sammen, år for år"),
    FactInfo("sak.forrige_avtale", "Avtalen som går ut"),
    FactInfo("sak.forrige_sluttdato", "Siste dag i avtalen som går ut"),
    FactInfo("sak.mal", "Malen avtalen er laget fra"),
)
OWN_FACTS = (
    FactInfo("kommune.navn", "Kommunen saksframlegget er til"),
    FactInfo("kommune.bidrag", "Kommunens eget bidrag, år for år"),
    FactInfo("kommune.dagens_bidrag", "Det kommunen betaler i dag"),
    FactInfo("kommune.signering", "Hvem som får fullmakt til å signere"),
)


def fact_names(part: Part) -> tuple[FactInfo, ...]:
    """Return the facts that a part may name."""
    own = OWN_FACTS if part in OWN_PARTS else ()
    return (*PAPER_FACTS, *own, *facts.names())


def values(paper: CasePaper) -> dict[str, str | None]:
    """What the paper's own facts say; None for one that it does not hold."""
    words = SENTENCES[paper.language]
    table, former, frozen = paper.chosen_table, paper.former, paper.frozen
    previous = former if former and former.kind is FormerKind.PREVIOUS else None
    template = paper.document.template
    found: dict[str, str | None] = {
        "sak.versjon": words["version"].format(number=frozen.number) if frozen else words["draft"],
        "sak.kontrollsum": frozen.sha256[:HASH_SHOWN] if frozen else None,
        "sak.svar": answers(paper),
        "sak.ramme": _yearly(paper, table, lambda t: t.total.cells),
        "sak.kommunebidrag": _yearly(paper, table, lambda t: municipal_sum(t).cells),
        "sak.forrige_avtale": previous.name if previous else None,
        "sak.forrige_sluttdato": norwegian.date_long(previous.day, paper.language)
        if previous
        else None,
        "sak.mal": words["template"].format(
            name=template.name,
            number=template.version,
            day=norwegian.date_long(template.issued, paper.language),
        )
        if template
        else None,
    }
    return found | (_own(paper, table) if paper.recipient else {})


def _own(paper: CasePaper, table: Table | None) -> dict[str, str | None]:
    assert paper.recipient is not None
    row = own_row(table, paper.key) if table else None
    today = dict(paper.today.amounts).get(paper.key) if paper.today else None
    return {
        "kommune.navn": paper.recipient.name,
        "kommune.bidrag": _yearly(paper, table, lambda _: row.cells) if row else None,
        "kommune.dagens_bidrag": None if today is None else norwegian.money(today),
        "kommune.signering": _signs(paper),
    }


def _signs(paper: CasePaper) -> str | None:
    """Who may sign: the mayor of the contract municipality; the others leave it to that municipality."""
    words = SENTENCES[paper.language]
    contract = [p for p in paper.document.parties if p.role is PartyRole.CONTRACT_MUNICIPALITY]
    if not contract:
        return None
    own = any(party.body.key == paper.key for party in contract)
    return words["mayor_signs" if own else "other_signs"].format(name=contract[0].body.name)


def _yearly(
    paper: CasePaper, table: Table | None, cells: Callable[[Table], Iterable[Decimal]]
) -> str | None:
    """«1 000,00 kroner i 2026 og 1 041,00 kroner i 2027»; None without a table."""
    if table is None:
        return None
    listed = zip(table.years, cells(table), strict=True)
    return norwegian.join(
        [f"{norwegian.money(cell)} kroner i {year}" for year, cell in listed], paper.language
    )


def answers(paper: CasePaper) -> str:
    """Say who recommends the agreement and who does not, in a sentence each."""
    words = SENTENCES[paper.language]
    if not paper.views:
        return words["nobody_asked"]
    said = []
    for stance in (Position.POSITIVE, Position.CONDITIONAL, Position.NEGATIVE, Position.UNDECIDED):
        names = [view.body.short_name for view in paper.views if view.stance is stance]
        if names:
            form = f"{stance}_many" if len(names) > 1 else str(stance)
            said.append(words[form].format(names=norwegian.join(names, paper.language)))
    return " ".join(said)


def text(paper: CasePaper, part: Part) -> str:
    """Return the part's clause text: what the team has written, else as usual."""
    return paper.written(part) or usual(paper, part)


def blocks(paper: CasePaper, part: Part, written: str | None = None) -> tuple[resolve.RBlock, ...]:
    """Return the part with its facts filled in; `written` is used in place of what is stored."""
    said = text(paper, part) if written is None else written or usual(paper, part)
    known = values(paper)
    if part not in OWN_PARTS:
        known = {name: value for name, value in known.items() if not name.startswith("kommune.")}
    return resolve.text(paper.document, said, known)


def proposal(paper: CasePaper) -> Part:
    """Return which text proposes the resolution: to say no where the director does, or nothing is paid."""
    if paper.recipient is None:
        return Part.RECOMMENDATION
    table, view = paper.chosen_table, paper.view
    against = view is not None and view.stance is Position.NEGATIVE
    outside = table is not None and own_row(table, paper.key) is None
    return Part.REJECTION if against or outside else Part.RESOLUTION


def usual(paper: CasePaper, part: Part) -> str:
    """Return the part as it is until the team writes it. Only facts that have a value are named."""
    words, known = SENTENCES[paper.language], values(paper)
    agreement = facts.values(paper.document)
    has = {name for name, value in (known | agreement).items() if value}

    def wanted(*forms: str) -> list[str]:
        """The first of the forms whose facts are all known."""
        return next(([words[f]] for f in forms if _named(words[f]) <= has), [])

    match part:
        case Part.BACKGROUND:
            return "\n\n".join(
                [
                    *wanted("term", "term_alone"),
                    *wanted("previous"),
                    *wanted("from_template"),
                    *wanted("signs"),
                ]
            )
        case Part.ASSESSMENT:
            uncertain = ["{{ avsnitt.forbehold }}"] if paper.document.financing else []
            return "\n\n".join([*wanted("frame"), *uncertain, words["budgets"]])
        case Part.RECOMMENDATION:
            lines = [
                *wanted("recommend_exact", "recommend"),
                *wanted("recommend_amounts", "recommend_later"),
                *wanted("recommend_signs"),
                words["recommend_budgets"],
            ]
        case Part.RESOLUTION:
            lines = [
                *wanted("adopt_exact", "adopt"),
                *wanted("adopt_amounts", "adopt_later"),
                words["adopt_budget"],
                *wanted("adopt_signs"),
            ]
        case Part.REJECTION:
            lines = [*wanted("reject_exact", "reject"), *wanted("reject_tell")]
        case Part.CASE_NUMBER:
            lines = []
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))


def _named(text: str) -> set[str]:
    return {piece.partition("}}")[0].strip() for piece in text.split("{{")[1:]}
