"""What a line of a list says, apart from how it is worded: stems of its words, and what it provides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PARENTHESIS = re.compile(r"\([^()]{0,300}\)")
# Words that do not change what is offered.
_EMPTY = frozenset(
    (
        *("og", "eller", "samt", "en", "ein", "ei", "et", "eit", "den", "det", "de", "dei"),
        *("som", "er", "skal", "vere", "vert", "gir", "gjev", "annan", "eigne", "eigna"),
        *("kan", "blir", "bli", "være", "ha", "med", "for", "til", "av", "på", "i", "å", "også"),
        *("relevante", "relevant", "jevnlige", "jevnlig", "jamlege", "jamleg", "ulike", "andre"),
        *("annen", "egne", "god", "gode", "eks", "eksempelvis", "gratis", "tilbys", "tilbydes"),
        *("tilbydast", "gis", "gjevast", "leveres", "tjeneste", "tjenesten", "tjenester"),
        *("teneste", "tenesta", "tenester"),
        *("deltakerne", "deltagerne", "deltakarane", "tillegg", "minst", "minimum"),
    )
)
_SAME = {
    "gründer": "etabler",
    "gründ": "etabler",
    "etablerer": "etabler",
    "deltag": "deltak",
    "opplær": "kurs",
    # «seminar» ends like a plural: both lose «-ar» where nothing else follows.
    "webin": "nettsemin",
    "webinar": "nettsemin",
    "nettseminar": "nettsemin",
}
_ENDINGS = (
    *("ingene", "ingane", "ingen", "inger", "ingar", "inga", "ing"),
    *("erne", "arane", "arar", "ene", "ane", "en", "er", "ar", "et", "a", "e", "s"),
)
_SHORTEST_STEM = 4


def stem(word: str) -> str:
    """Return a Norwegian word without its ending, lower case, a few synonyms made one."""
    word = word.lower().replace("û", "ü")
    if len(word) > _SHORTEST_STEM + 1:
        word = word.removesuffix("s")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            word = word.removesuffix(ending)
            break
    return _SAME.get(word, word)


@lru_cache(maxsize=1024)
def meaning(text: str) -> frozenset[str]:
    """Return the stems of the words that say what a line is about, whatever their order."""
    words = _WORD.findall(_PARENTHESIS.sub(" ", text))
    return frozenset(stem(word) for word in words if word.lower() not in _EMPTY)


# Ways to say that somebody sees to it that something is there.
_PROVIDES = re.compile(
    r"\s{0,3}(?:å\s+)?(?:ha\s+ansvar(?:et)?\s+for|legge\s+til\s+rette\s+for|leggje\s+til\s+rette\s+for|tilrettelegge\s+for"
    r"|sørgj?e\s+for|syte\s+for|stille\s+med|stille\s+til\s+råd(?:ighet|velde)|holde|halde|skaffe|sikre|sikra|tilby|leie|leige|stille)"
    r"\s+(?:(?:egnede|egna|eigna|gode|nødvendige|felles)\s+)?(?P<object>[^\W\d_]{6,40})",
    re.IGNORECASE,
)
_NARROWED = re.compile(r"\s{1,3}(?:for|til|om|i|på|med|av|hos|ved|som)\s+(?P<rest>[^,.;]{1,60})")


@dataclass(frozen=True, slots=True)
class Duty:
    """Something to be provided, and how it is narrowed («for innvandrere»), empty where it is not."""

    key: str
    narrowed: frozenset[str]


def duty(text: str) -> Duty | None:
    """Return what a line says is to be provided: «sikre kontorlokaler til tjenesten»."""
    match = _PROVIDES.match(text)
    if match is None:
        return None
    rest = _NARROWED.match(text, match.end())
    return Duty(f"provides {stem(match['object'])}", meaning(rest["rest"]) if rest else frozenset())


def is_same_duty(one: str, other: str) -> bool:
    """Tell whether two lines provide the same: not where they are narrowed in different ways."""
    a, b = duty(one), duty(other)
    if a is None or b is None or a.key != b.key:
        return False
    return not a.narrowed or not b.narrowed or a.narrowed == b.narrowed
