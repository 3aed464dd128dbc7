"""What nobody has filled in yet: blanks, dummy text and a contribution table that has no figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.domain import markup
from agreements.domain.checks import model
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import Kind, Passage, excerpt, of_passage, passages, places
from agreements.domain.document import Document, walk

TABLE_FACT = "tabell.bidrag"

# Every alternative is bounded or made of one repeated character: linear on any text.
_BLANK = re.compile(
    r"""
      (?<![^\W_])[xX]{2,}(?![^\W_])                 # xx, Xxx, XXXX/XXX
    | (?<!\w)(?:19|20)[xX?]{1,2}(?!\w)              # 20xx, 202?
    | (?<!\w)202[xX?_](?!\w)
    | (?<!\w)(?:[Kk]ommune|[Aa]lternativ|[Rr]egion|[Dd]ato:?|[Nn]a[vm]n:?|[Kk]r\.?)\s[XY](?!\w)
    | (?<!\w)[XY]\s(?:fylkes)?kommunes?(?!\w)
    | (?<!\w)[xX]\s(?:kr|kroner|innbyggere|innbyggj?arar|prosent|%|tim[ea]r)(?!\w)
    | \?{2,}
    | (?<!\w)(?:kr\.?|kroner|eks\.?)\s{0,2}\?       # kr ?
    | (?<!\S)\?(?!\S) | \(\s{0,3}\?\s{0,3}\)
    | _{3,} | (?<!\w)__(?!\w)
    | \.{4,} | …{2,} | (?:\.[ ]){3,}\.?
    | (?:\bkr\.?|\bkroner|\bdato:?|\bna[vm]n:?|\bden|\bpå|\btil|\bfr[aå]|\bpr\.?|\bper)\s{0,2}(?:…|\.{3})
    | (?:…|\.{3})\s{0,2}(?:kr\b|kroner|innbygg|prosent|%|kommune|tim[ea]r|dag[ea]r|år\b)
    | [-–—]{4,}
    | (?<!\w)kr\.?\s{0,2},- | (?<![\d.,])000(?:[ .]000){1,3}(?![\d])
    | \[(?:[^\[\]]{0,120}[^\W\d_][^\[\]]{0,120}|[\s._…]{0,40})\](?!\()   # [fyll inn], [ ], [...]
    | \[\[[^\[\]]{0,120}\]\] | \{[^{}]{0,120}\} | <[^\W\d_][^<>]{0,80}>
    | (?<!\w)(?:TODO|FIXME|TBD|TBA|NN|N\.N\.|DD\.MM\.\w{2,4})(?!\w)
    | (?<!\w)(?:dd\.mm|dd/mm|mm\.åååå|åååå|ÅÅÅÅ)(?!\w)
    | (?i:\blorem\s+ipsum|\bdolor\s+sit\s+amet)
    | (?i:\bfyll(?:es|ast)?\s+inn|\bfyll\s+ut\s+her
        |\b(?:sett(?:es)?|set|setjast)\s+inn\s+(?:her|senere|seinare|na[vm]n|dato|beløp|tekst|tall?)
        |\bskriv\s+inn\s+(?:tekst|na[vm]n|dato|beløp)|\bklikk\s+(?:eller\s+trykk\s+)?her\s+for\s+å\b
        |\b(?:na[vm]n|beløp|dato|tall?|tekst)\s+(?:kommer|kjem|fylles\s+inn|settes\s+inn)(?:\s+(?:senere|seinare))?\b)
    """,
    re.VERBOSE,
)
_ROMAN_BEFORE = re.compile(r"\b(?:kapittel|kap\.?|artikkel|art\.?|avdeling|bok)\s$", re.IGNORECASE)
_NOT_BLANK_BRACKETS = frozenset({"[sic]", "[sic!]"})


def leftover_placeholders(document: Document, context: Context) -> Iterator[Finding]:
    """Find blanks and dummy text left where something should stand."""
    for passage in passages(document):
        yield from _left(passage)


@of_passage
def _left(passage: Passage) -> Iterator[Finding]:
    for match in _BLANK.finditer(passage.typed):
        if _is_meant(passage, match):
            continue
        quote = excerpt(passage.text, match.start(), match.end())
        yield Finding(
            Level.ERROR,
            Code.LEFTOVER_PLACEHOLDER,
            f"{passage.where()}«{quote}» er ikke fylt ut. Skriv det som skal stå her, eller ta "
            "det bort.",
            passage.anchor,
        )


def _is_meant(passage: Passage, match: re.Match[str]) -> bool:
    """Tell whether what looks like a blank is meant: a Roman number, «[sic]»."""
    found = match.group()
    if found.lower() in _NOT_BLANK_BRACKETS:
        return True
    before = passage.typed[max(0, match.start() - 12) : match.start()]
    return found in {"XX", "XXX"} and _ROMAN_BEFORE.search(before) is not None


# The last row of a table that was taken over as text: nothing but the word where a sum should stand.
_SUM_ALONE = re.compile(r"\s*(?:sum|sum alle(?: bidrag)?|totalt?|i alt)\s*:?\s*", re.IGNORECASE)


def empty_tables(document: Document, context: Context) -> Iterator[Finding]:
    """Find tables without figures, by their row of sums."""
    for passage in passages(document):
        if passage.kind is Kind.PARAGRAPH and _SUM_ALONE.fullmatch(passage.typed):
            yield Finding(
                Level.ERROR,
                Code.LEFTOVER_PLACEHOLDER,
                f"{passage.where()}«{passage.text.strip()}» står alene, som i en tabell uten tall. "
                "Skriv {{ tabell.bidrag }} der bidragstabellen skal stå, og ta bort de tomme radene.",
                passage.anchor,
            )


_WANTS_TABLE = re.compile(
    r"\bfølgende\s+(?:årlige\s+)?(?:beløp|bidrag)|\bfølgjande\s+(?:årlege\s+)?(?:beløp|bidrag)"
    r"|\btabell(?:en|a)?\s+(?:under|nedenfor|nedanfor)|\bgår\s+fra(?:m)?\s+av\s+tabellen",
    re.IGNORECASE,
)


def contribution_table_missing(document: Document, context: Context) -> Iterator[Finding]:
    """Find clauses that promise the contribution table while it has no figures.

    A clause promises it with the table fact or, where no financing is chosen, in typed words
    («følgende årlige beløp»).
    """
    financing = document.financing
    if financing is not None and any(row.cells for row in financing.table.rows):
        return
    promising = {
        passage.anchor
        for passage in passages(document)
        if passage.kind is not Kind.FIELD and _WANTS_TABLE.search(passage.text)
    }
    for clause in walk(document.clauses):
        anchor = model.clause_anchor(clause.key)
        if anchor in promising or markup.BlockFact(TABLE_FACT) in _flat(markup.parse(clause.text)):
            yield Finding(
                Level.ERROR,
                Code.CONTRIBUTION_TABLE_MISSING,
                f"«{places(document)[anchor]}»: Bidragstabellen er tom, for det er ikke valgt "
                "noen finansiering. Velg et alternativ under Økonomi.",
                anchor,
            )


def _flat(blocks: tuple[markup.Block, ...]) -> Iterator[markup.Block]:
    for block in blocks:
        yield block
        if isinstance(block, markup.ListBlock):
            for item in block.items:
                yield from _flat(item)
