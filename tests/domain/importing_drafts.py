"""Made-up agreements as a careless PDF gives them, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

COMMON = (
    "partene skal Nordvik kommune betale kr 14,50 12\u00a0000 innen og tjenesten, avtalen. Ålesund "
    "gründere «En vei inn» (på vegne av) se punkt pkt. 5.2.1 1. mai 2027 31. desember e.l. osv. "
    "** {{ avtale.tittel }} [[punkt:parter]] \\ # > _nei_ <b> - – o * + 3. 2) a) kurs- for: mellom "
    "Sum SUM Kommune Innbyggere 50 % i tillegg minimum inneholde være xxxx ____ .... ???? TODO"
)
WORD = st.one_of(
    st.sampled_from(COMMON.split(" ")),
    st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn")), min_size=1, max_size=6),
    st.text(st.sampled_from("ab.Å1-–•\u200b\u0301*[]{}\\"), min_size=1, max_size=5),
)
KINDS = ("paragraph", "bullets", "bullets", "numbered", "table", "page", "services", "junk")
SPACE = st.sampled_from(["   ", "\u00a0", "\u202f", "\t", " \u202f "] + [" "] * 12)
BREAK = st.sampled_from(["\n"] * 6 + ["\n\n", " \n \n", "\u202f\n", "\n \f", "\n   ", "\v"])


@st.composite
def run_of_words(draw: st.DrawFn, most: int = 14) -> str:
    """Words with odd spaces between them, broken over lines at random."""
    text = draw(WORD)
    for _ in range(draw(st.integers(0, most))):
        text += draw(st.one_of(SPACE, SPACE, SPACE, BREAK)) + draw(WORD)
    return text


@st.composite
def body(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(KINDS))
    if kind == "bullets":
        marks = draw(
            st.lists(st.sampled_from(["• ", "•", "- ", "* ", "o ", "  o ", "\uf0b7 "]), min_size=1)
        )
        return draw(BREAK).join(mark + draw(run_of_words(6)) for mark in marks)
    if kind == "numbered":
        end = draw(st.sampled_from(". "))
        return "\n".join(
            f"{n}{end} {draw(run_of_words(4))}" for n in range(1, draw(st.integers(1, 4)) + 1)
        )
    if kind == "table":
        rows = draw(st.lists(st.lists(WORD, min_size=1, max_size=4), max_size=4))
        cells = "\n".join("   ".join(row) for row in rows)
        return f"Kommune/\nfylkeskommune\n\nInnbyggere  Sats\n{cells}\nBerg   3 000\n\nSUM    "
    if kind == "page":
        side = f"Side {draw(st.integers(1, 9))}\n\fHode 2027"
        return f"{draw(run_of_words(3))}\n{side}\n{draw(run_of_words(3))}"
    if kind == "services":
        lead = draw(
            st.sampled_from(
                ["skal være:", "skal minimum inneholde:", "i tillegg følgende tjenester:"]
            )
        )
        return f"Tjenesten {lead}\n\n• " + "\n• ".join(draw(st.lists(run_of_words(5), min_size=1)))
    return draw(run_of_words(30 if kind == "paragraph" else 2))


@st.composite
def agreements(draw: st.DrawFn) -> str:
    """An agreement as a careless PDF gives it: «1. Parter», then points, text and rubbish."""
    parts = [draw(run_of_words(5)) if draw(st.booleans()) else "Avtale", "1. Parter"]
    number = 1
    for _ in range(draw(st.integers(0, 5))):
        parts += draw(st.lists(body(), max_size=3))
        level = draw(st.integers(0, 2))
        number += level == 0
        printed = (
            draw(st.sampled_from([f"{number}.", f"{number} ", f"§ {number} "]))
            if level == 0
            else (
                f"{number}.{draw(st.integers(1, 3))}" + draw(st.sampled_from(["", ".", " 1", ".1"]))
            )
        )
        colon = draw(st.sampled_from(["", ":", "\u202f", "."]))
        parts.append(
            f"{printed} {draw(st.sampled_from(['Innhold', 'Varighet', 'B*b']))} {draw(WORD)}{colon}"
        )
    parts += draw(st.lists(body(), max_size=3))
    if draw(st.booleans()):
        parts.append(
            "Solheim fylkeskommune      Nordvik kommune\n______   ______\n\n"
            + draw(run_of_words(4))
        )
    text = "".join(part + draw(BREAK) for part in parts).replace("\n1. Parter", "\n\n1. Parter\n")
    text = draw(st.sampled_from(["", "\ufeff"])) + text
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n", "\r"])))
