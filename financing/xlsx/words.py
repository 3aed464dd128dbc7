"""The fixed words of the workbook in nynorsk. In the code they stand in bokmål, as in the pages. Pure."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

Say = Callable[[str], str]

_NYNORSK = MappingProxyType(
    {
        # Sheets.
        "Side": "Side",
        "Utkast · innhold {}": "Utkast · innhald {}",
        "Forutsetninger": "Føresetnader",
        "Nøkler": "Nøklar",
        "Kontroll": "Kontroll",
        # The assumptions.
        "Region": "Region",
        "År": "År",
        "Innbyggertall per": "Innbyggjartal per",
        "Kilde for innbyggertall": "Kjelde for innbyggjartal",
        "Merverdiavgift": "Meirverdiavgift",
        "Beløpene er uten merverdiavgift.": "Beløpa er utan meirverdiavgift.",
        "Beløpene er med merverdiavgift.": "Beløpa er med meirverdiavgift.",
        "Fakturering": "Fakturering",
        "Gule felt kan endres: alle beløp i de andre arkene regnes på nytt.": (
            "Gule felt kan endrast: alle beløp i dei andre arka blir rekna på nytt."
        ),
        "Hvert beløp avrundes én gang, etter regelen for alternativet. Summene er summer av beløpene "
        "som vises.": (
            "Kvart beløp blir runda av éin gong, etter regelen for alternativet. Summane er summar av "
            "beløpa som blir viste."
        ),
        "Arket «Kontroll» viser om noe er endret etter at filen ble laget.": (
            "Arket «Kontroll» viser om noko er endra etter at fila blei laga."
        ),
        "Bidragsytere": "Bidragsytarar",
        "Bidragsyter": "Bidragsytar",
        "Fylke": "Fylke",
        "Slag": "Slag",
        "Status": "Status",
        "Innbyggere": "Innbyggjarar",
        "Innbyggere i fylket som teller": "Innbyggjarar i fylket som tel",
        "Bidrar (1) eller ikke (0)": "Bidreg (1) eller ikkje (0)",
        "kommune": "kommune",
        "fylkeskommune": "fylkeskommune",
        "annen": "annan",
        "bekreftet": "bekrefta",
        "med forbehold": "med atterhald",
        "ikke avklart": "ikkje avklart",
        "bidrar ikke": "bidreg ikkje",
        "sats per innbygger": "sats per innbyggjar",
        "fordelingsnøkkel": "fordelingsnøkkel",
        "fast beløp": "fast beløp",
        "timer ganger pris": "timar gonger pris",
        "Avrunding": "Avrunding",
        "Indeks": "Indeks",
        "Vekst fra året før, prosent": "Vekst frå året før, prosent",
        "Samlet vekst siden første år": "Samla vekst sidan første år",
        "Kilde for indeksen": "Kjelde for indeksen",
        "Del av beløpet i {}, prosent": "Del av beløpet i {}, prosent",
        "Ganges med i {}": "Gongast med i {}",
        "Regel {}": "Regel {}",
        "Regel": "Regel",
        "Gjelder": "Gjeld",
        "Beregning": "Utrekning",
        "Hva det gjelder": "Kva det gjeld",
        "Grunnbeløp": "Grunnbeløp",
        "Sats per innbygger": "Sats per innbyggjar",
        "Beløp": "Beløp",
        "Timer": "Timar",
        "Pris per time": "Pris per time",
        "Minst": "Minst",
        "Høyst": "Høgst",
        "Indeksreguleres": "Indeksregulert",
        "Prosent likt": "Prosent likt",
        "Prosent etter innbyggertall": "Prosent etter innbyggjartal",
        "Prosent etter tabell": "Prosent etter tabell",
        # The keys.
        "Fordelingsnøkler": "Fordelingsnøklar",
        "Hver får de hele enhetene av sin andel. Enhetene som er igjen, går til dem med størst rest. "
        "Rester som skiller mindre enn 0,00001 enhet, regnes som like; da går enheten til laveste "
        "nummer.": (
            "Kvar får dei heile einingane av sin del. Einingane som er att, går til dei med størst "
            "rest. Restar som skil mindre enn 0,00001 eining, blir rekna som like; då går eininga til "
            "lågaste nummer."
        ),
        "regel {}": "regel {}",
        "Bidrar": "Bidreg",
        "Vekt i tabell": "Vekt i tabell",
        "Andel": "Del",
        "Møter minst": "Møter minst",
        "Møter høyst": "Møter høgst",
        "Minst nådd": "Minst nådd",
        "Høyst nådd": "Høgst nådd",
        "Andel innen grensene": "Del innanfor grensene",
        "Kvote {}": "Kvote {}",
        "Hele enheter {}": "Heile einingar {}",
        "Rest {}": "Rest {}",
        "Del {}, kroner": "Del {}, kroner",
        "Minste andel": "Minste del",
        "Største andel": "Største del",
        "Siste grense som er nådd": "Siste grense som er nådd",
        "Fylt der": "Fylt der",
        "Andel som ennå kan vokse": "Del som enno kan vekse",
        "Felles skala": "Felles skala",
        "enheter i alt": "einingar i alt",
        "igjen å fordele": "att å fordele",
        # The control.
        "Regnearket stemmer med programmet: ingen forskjeller.": (
            "Reknearket stemmer med programmet: ingen skilnader."
        ),
        " beløp er ikke som i programmet: noe er endret.": (
            " beløp er ikkje som i programmet: noko er endra."
        ),
        "«I programmet» er beløpene slik de var da filen ble laget. De endres ikke.": (
            "«I programmet» er beløpa slik dei var då fila blei laga. Dei blir ikkje endra."
        ),
        "Alternativ": "Alternativ",
        "Linje": "Linje",
        "I regnearket": "I reknearket",
        "I programmet": "I programmet",
        "Forskjell": "Skilnad",
        # The tables.
        "Sum uten ubekreftede bidrag": "Sum utan ubekrefta bidrag",
        "Avrunding: {}. Summene er regnet ut fra beløpene slik de er vist.": (
            "Avrunding: {}. Summane er rekna ut frå beløpa slik dei er viste."
        ),
    }
)


def speaker(language: str) -> Say:
    """Return what says a fixed bokmål text in this language. KeyError for one nobody has translated."""
    return _NYNORSK.__getitem__ if language == "nn" else str
