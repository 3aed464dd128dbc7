"""The provisions by which something may be kept from the public, with the dates they are valid. Pure data.

Written as an answer to a request must cite them: offentleglova § 31 asks for the paragraph (ledd), letter
or number too. A provision is valid while it and every law it names are; the laws are in `laws`, and what
a new law changes is added here, never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from agreements.domain import laws
from agreements.domain.document import Language

OTHER = "other"  # the key of a provision that somebody writes
_PUBLICITY = "LOV-2006-05-19-16"  # offentleglova
_ADMINISTRATION = "LOV-1967-02-10"  # forvaltningsloven
_INNOVATION = "LOV-2003-12-19-130"  # innovasjonsnorgeloven
_SINCE_2009 = date(2009, 1, 1)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A provision. `citation` is what is printed, `protects` what the list of choices says it is for.

    `nynorsk` is the citation where it differs. Both dates are days on which the provision is valid.
    """

    key: str
    citation: str
    protects: str
    laws: tuple[str, ...] = (_PUBLICITY,)
    nynorsk: str = ""
    valid_from: date = _SINCE_2009
    valid_to: date | None = None

    def printed(self, language: Language) -> str:
        """The citation in the language of the agreement."""
        return self.nynorsk if self.nynorsk and language is Language.NYNORSK else self.citation

    def valid_on(self, day: date) -> bool:
        """Whether it may be used on this day."""
        own = self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        return own and all(_law_valid(number, day) for number in self.laws)


BASES = (
    LegalBasis(
        "personal",
        "offl. § 13 første ledd, jf. fvl. § 13 første ledd nr. 1",
        "taushetsplikt om noens personlige forhold",
        (_PUBLICITY, _ADMINISTRATION),
    ),
    LegalBasis(
        "business",
        "offl. § 13 første ledd, jf. fvl. § 13 første ledd nr. 2",
        "taushetsplikt om drifts- og forretningsforhold",
        (_PUBLICITY, _ADMINISTRATION),
    ),
    LegalBasis(
        "innovation",
        "offl. § 13 første ledd, jf. innovasjonsnorgeloven § 27",
        "taushetsplikt i Innovasjon Norge",
        (_PUBLICITY, _INNOVATION),
        nynorsk="offl. § 13 første ledd, jf. innovasjonsnorgelova § 27",
    ),
    LegalBasis("internal", "offl. § 14 første ledd", "organinternt dokument"),
    LegalBasis(
        "negotiation",
        "offl. § 23 første ledd",
        "forhandlingsposisjon: økonomi-, lønns- og personalforvaltning",
    ),
    LegalBasis(
        "tender", "offl. § 23 tredje ledd", "tilbud og protokoll, til leverandøren er valgt"
    ),
    LegalBasis("control", "offl. § 24 første ledd", "kontroll- og reguleringstiltak"),
    LegalBasis(
        "safety", "offl. § 24 tredje ledd", "fare for enkeltpersoner, eller lettere lovbrudd"
    ),
    LegalBasis(
        "identity",
        "offl. § 26 femte ledd",
        "fødselsnummer og lignende",
        valid_from=date(2012, 1, 1),
    ),
)
_BY_KEY = {basis.key: basis for basis in BASES}
_LAWS = {law.number: law for law in laws.LAWS}


def _law_valid(number: str, day: date) -> bool:
    law = _LAWS[number]
    begun = law.valid_from is not None and law.valid_from <= day
    return begun and (law.valid_to is None or day <= law.valid_to)


def on(day: date) -> tuple[LegalBasis, ...]:
    """Return the provisions that may be used on a day, in the order they are offered."""
    return tuple(basis for basis in BASES if basis.valid_on(day))


def citation(key: str, other: str, language: Language) -> str:
    """Return what is printed for a provision; `other` for the key OTHER. KeyError for an unknown key."""
    return other if key == OTHER else _BY_KEY[key].printed(language)


def still_valid(key: str, day: date) -> bool:
    """Whether a provision may be used on a day; one that somebody wrote is not judged."""
    return key == OTHER or _BY_KEY[key].valid_on(day)
