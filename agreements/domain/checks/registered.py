"""Names that are not written as the register writes them, and misspelt words of the field."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from agreements.domain.checks.mending import mend
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.names import Found, finder
from agreements.domain.checks.reading import passages
from agreements.domain.checks.spelling import is_slip
from agreements.domain.document import Body, BodyKind, Document

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_REMEMBERED = 1000  # characters of a text that is remembered
_LONGEST_UNIT = 4  # words in the name of a unit
_SHORTEST_SLIP = 5  # letters; shorter names are one letter from other real names
_SHORTEST_ALONE = 7  # letters of a place name that stands alone

# Words of the field that are often parted or misspelt; the right form keeps its ending.
_TERMS = (
    (r"kontrakt(?:kommun|s\s{1,3}kommun)", "kontraktskommun"),
    (r"samarbeid(?:kommun|s\s{1,3}kommun)", "samarbeidskommun"),
    (r"vert(?:kommun|s\s{1,3}kommun)", "vertskommun"),
    (r"fylkes\s{1,3}kommun(?=e)|fylkeskomun|fylkekommun", "fylkeskommun"),
    (r"etablerer?\s{1,3}tjenest|etablerertjenst|etablertjenest", "etablerertjenest"),
    (r"etablerar\s{1,3}tenest|etablerartenst|etablartenest", "etablerartenest"),
    (r"innbygger\s{1,3}tal|inbyggertal|innbygertal", "innbyggertal"),
    (r"innbyggjar\s{1,3}tal|inbyggjartal", "innbyggjartal"),
    (r"teie\s{1,3}plikt", "teieplikt"),
    (r"oppgåve\s{1,3}fellesskap|oppgåvefelleskap", "oppgåvefellesskap"),
    (r"oppgave\s{1,3}fellesskap|oppgavefelleskap", "oppgavefellesskap"),
    (r"samarbeids\s{1,3}avtal|samarbeidavtal|samarbeisavtal", "samarbeidsavtal"),
    (r"taushetplikt|taushets\s{1,3}plikt", "taushetsplikt"),
    (r"kordineringsgrupp|koordinerings\s{1,3}grupp|koordineringgrupp", "koordineringsgrupp"),
    (r"års\s{1,3}rapport|årsraport", "årsrapport"),
    (r"aktivitets\s{1,3}plan|aktivitetplan", "aktivitetsplan"),
)
_TERM = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<t{number}>{wrong})" for number, (wrong, _) in enumerate(_TERMS))
    + r")\w{0,8}",
    re.IGNORECASE,
)


def names_as_registered(document: Document, context: Context) -> Iterator[Finding]:
    """Find names written otherwise than in the register: «NAV», «Sirisus Act», a unit it does not know.

    Only names somebody typed. Misspellings are looked for in names of several words and in the
    agreement's own places, one letter off; a name that is itself registered is never a misspelling.
    """
    bodies = tuple(b for p in document.parties for b in (p.body, *p.on_behalf_of))
    rows = document.financing.table.rows if document.financing else ()
    known = _register(bodies, tuple(row.name for row in rows), context)
    for passage in passages(document):
        seen: set[str] = set()
        for wrong in known.wrong(passage.typed):
            if wrong.written in seen:
                continue
            seen.add(wrong.written)
            yield Finding(
                Level.WARNING,
                Code.NAME_NOT_REGISTERED,
                f"{passage.where()}{wrong.message}",
                passage.anchor,
                mend(document, passage.anchor, wrong.written, wrong.right) if wrong.right else None,
            )


def terms_of_the_field(document: Document, context: Context) -> Iterator[Finding]:
    """Find words of the field that are misspelt or parted («Kontraktkommune», «innbygger tall»)."""
    for passage in passages(document):
        for match in _TERM.finditer(passage.typed):
            number = int(str(match.lastgroup)[1:])
            wrong = match.group(f"t{number}")
            right = _TERMS[number][1] + match.group()[len(wrong) :]
            if match.group()[0].isupper():
                right = right[0].upper() + right[1:]
            yield Finding(
                Level.WARNING,
                Code.NAME_NOT_REGISTERED,
                f"{passage.where()}«{match.group()}» skrives «{right}».",
                passage.anchor,
                mend(document, passage.anchor, match.group(), right),
            )


@dataclass(frozen=True, slots=True)
class _Wrong:
    written: str
    message: str
    right: str = ""  # empty where it is not sure


@lru_cache(maxsize=16)
def _register(bodies: tuple[Body, ...], rows: tuple[str, ...], context: Context) -> _Register:
    """The register of these: the one that has read the texts of a draft before a word was changed."""
    return _Register(bodies, rows, context)


class _Register:
    """The names that may be written, and those that are close to being one of them."""

    def __init__(self, bodies: tuple[Body, ...], rows: tuple[str, ...], context: Context) -> None:
        own = [*(body.name for body in bodies), *rows]
        self._names = dict.fromkeys([*own, *(body.name for body in context.bodies)])
        self._known = {name.casefold() for name in self._names}
        self._finder = finder(tuple(name for name in self._names if " " in name))
        self._agencies = _agencies(bodies, context)
        self._units = [n for n in self._names if n.split()[0] in self._agencies and " " in n]
        self._places = {_place(name) for name in self._names} - {""}
        self._own_places = {_place(name) for name in own} - {""}
        self._words = {word for name in self._names for word in name.split()}
        self._by_word: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        # A municipality far away may be one letter from ours: only those of the agreement count.
        for name in dict.fromkeys([*own, *(n for n in self._names if not _place(n))]):
            words = tuple(name.split())
            if len(words) > 1:
                for place, word in enumerate(words):
                    self._by_word[word.casefold()].append((words, place))
        self._slip_of = lru_cache(maxsize=4096)(self._find_slip)
        self._read = lru_cache(maxsize=512)(lambda typed: tuple(self._in(typed)))

    def wrong(self, typed: str) -> tuple[_Wrong, ...]:
        """Return what is not written as registered, in order. Texts it has read are remembered."""
        return self._read(typed) if len(typed) <= _REMEMBERED else tuple(self._in(typed))

    def _in(self, typed: str) -> Iterator[_Wrong]:
        if typed.isupper():
            return  # a heading in capitals
        words = list(_WORD.finditer(typed))
        found = {match.start: match for match in self._finder.find(typed)}
        skip_to = 0
        for i, word in enumerate(words):
            if word.start() < skip_to:
                continue
            if (name := found.get(word.start())) is not None:
                skip_to = name.end
                yield from _cased(typed, name)
                continue
            if (agency := self._agency(word.group())) is not None:
                unit = self._unit(typed, words, i)
                if unit is not None:
                    skip_to = words[i + len(unit.split()) - 1].end()
                    yield self._no_such_unit(unit, agency)
                else:
                    yield from _capitals(word.group(), agency)
                continue
            if (pair := self._misspelt(typed, words, i)) is not None:
                written, right = pair
                skip_to = word.start() + len(written)
                yield _Wrong(written, f"«{written}» heter «{right}» i registeret.", right)

    def _agency(self, word: str) -> str | None:
        """Return the agency that a word names, however it is cased: «NAV», «NAVs», «NAV-kontor»."""
        head = re.split(r"[-'’]", word, maxsplit=1)[0]
        for agency in self._agencies:
            if head == agency or head in {agency.upper(), f"{agency.upper()}s"}:
                return agency
        return None

    def _unit(self, typed: str, words: list[re.Match[str]], i: int) -> str | None:
        """Return «Nav Sted» where the register has units of the agency, and not this one."""
        if not self._units or i + 1 >= len(words):
            return None
        place = words[i + 1]
        between = typed[words[i].end() : place.start()]
        if not between.isspace() or len(between) > 3 or not place.group()[0].isupper():
            return None
        if words[i].group().casefold() not in {a.casefold() for a in self._agencies}:
            return None  # «NAVs Ringerike», «NAV-kontor Hole»
        head = place.group().removesuffix("s")
        if place.group() in self._words or head in self._places or len(head) < 3:
            return None  # the office of a municipality, or another body's name
        return typed[words[i].start() : place.end()]

    def _no_such_unit(self, written: str, agency: str) -> _Wrong:
        units = ", ".join(f"«{name}»" for name in self._units[:4])
        return _Wrong(
            written,
            f"Registeret har ingen enhet av {agency} som heter «{written}». Det har {units}. Skriv navnet "
            "som i registeret, eller legg enheten til der.",
        )

    def _misspelt(self, typed: str, words: list[re.Match[str]], i: int) -> tuple[str, str] | None:
        here = words[i].group()
        if not here[0].isupper():
            return None
        for following in range(2):  # the word itself is right, or the next one is
            if i + following >= len(words):
                break
            for name, place in self._by_word.get(words[i + following].group().casefold(), ()):
                if place == following and (written := _slipped(typed, words, i, name)):
                    return (
                        (written, " ".join(name)) if written.casefold() not in self._known else None
                    )
        right = self._slip_of(here)
        return (here, right) if right else None

    def _find_slip(self, word: str) -> str | None:
        if (
            len(word) < _SHORTEST_ALONE
            or word in self._words
            or word.removesuffix("s") in self._words
        ):
            return None
        return next((place for place in self._own_places if is_slip(word, place)), None)


def _slipped(typed: str, words: list[re.Match[str]], i: int, name: tuple[str, ...]) -> str | None:
    """Return the words from `i` as typed where just one of them is a slip of the name's."""
    if i + len(name) > len(words):
        return None
    slips = 0
    for offset, right in enumerate(name):
        word = words[i + offset]
        if offset and not typed[words[i + offset - 1].end() : word.start()].isspace():
            return None
        if word.group() == right:
            continue
        if len(word.group()) < _SHORTEST_SLIP or not is_slip(word.group(), right):
            return None
        slips += 1
    return typed[words[i].start() : words[i + len(name) - 1].end()] if slips == 1 else None


def _cased(typed: str, found: Found) -> Iterator[_Wrong]:
    """Find a registered name of several words in other letters than the register's."""
    written = typed[found.start : found.end]
    for word, right in zip(written.split(), found.name.split(), strict=False):
        if word.startswith(right) or not word.casefold().startswith(right.casefold()):
            continue  # as it should be, perhaps with an ending; or an abbreviation («fk»)
        if word[0].islower() and not written.islower():
            continue  # «… innovasjon Norge trenger» is no name
        ending = written.split()[-1][len(found.name.split()[-1]) :]
        correct = f"{found.name}{ending}"
        yield _Wrong(written, f"«{written}» skrives «{correct}» i registeret.", correct)
        return


def _capitals(word: str, agency: str) -> Iterator[_Wrong]:
    if word.startswith(agency):
        return
    right = agency + word[len(agency) :]
    yield _Wrong(word, f"«{word}» skrives «{right}» etter registeret.", right)


def _agencies(bodies: Iterable[Body], context: Context) -> tuple[str, ...]:
    """Return the state agencies that go by one word, «Nav»: others' units have names of their own."""
    names = [body.name for body in bodies if body.kind is BodyKind.STATE_AGENCY]
    names += [body.name for body in context.bodies if body.kind is BodyKind.STATE_AGENCY]
    return tuple(
        name
        for name in dict.fromkeys(names)
        if len(name) > 2 and name.isalpha() and not name.isupper()
    )


def _place(name: str) -> str:
    """Return a municipality's name without the word, empty for other bodies."""
    short = name.removesuffix(" kommune")
    return short if short != name else ""
