"""What can be wrong with an import from Statistics Norway, in words: Norwegian for the pages, English
for the command. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from municipalities import norwegian

# Findings of `review`, by code: (Norwegian, English).
FINDINGS: Mapping[str, tuple[str, str]] = {
    "future": (
        "Tallene gjelder {day}, som ikke har vært ennå.",
        "the figures are for {day}, which has not been yet",
    ),
    "county": (
        "Kommune {numbers} hører til et fylke som ikke står i listen over fylker.",
        "municipality {numbers} belongs to a county that is not in the list of counties",
    ),
    "count": (
        "SSBs liste har {found} kommuner. Det skulle vært {expected} denne datoen.",
        "the list has {found} municipalities, {expected} were expected on this day",
    ),
    "no_figure": (
        "{count} kommuner mangler innbyggertall: {numbers}.",
        "{count} municipalities have no figure: {numbers}",
    ),
    "unknown_codes": (
        "Det står tall for {count} numre som ikke er kommuner denne datoen: {numbers}.",
        "there are figures for {count} numbers that are no municipalities on this day: {numbers}",
    ),
    "sum": (
        "Kommunene har til sammen {total} innbyggere, men hele landet har {country}.",
        "the municipalities add up to {total}, the country has {country}",
    ),
    "no_country": (
        "SSB oppgir ikke tallet for hele landet, så summen kan ikke kontrolleres.",
        "there is no figure for the country, so the sum cannot be checked",
    ),
    "jump": (
        "Summen for de {count} kommunene som har tall fra før, går fra {before} til {after}. "
        "Det er mer enn {percent} prosent.",
        "the sum of the {count} municipalities with earlier figures goes from {before} to {after}, "
        "more than {percent} %",
    ),
    "sudden": (
        "Fra {earlier} til {day} går {name} ({numbers}) fra {before} til {after} innbyggere. "
        "Det er mer enn {percent} prosent.",
        "{numbers} {name} goes from {before} ({earlier}) to {after} ({day}), more than {percent} %",
    ),
    "corrected": (
        "SSB har et annet tall enn registeret for {name} ({numbers}) {day}: {after} innbyggere, "
        "ikke {before}. Det er mer enn {percent} prosent.",
        "{numbers} {name} is {after} on {day}, the register has {before}: more than {percent} %",
    ),
    "gone": (
        "{name} ({numbers}) står i registeret, men ikke i SSBs liste, og listen over endringer sier "
        "ikke hvorfor. Kommunen blir stående som den er.",
        "{numbers} {name} is in the register but not in the list, and no change tells why; it is "
        "left alone",
    ),
}

# Why nothing was fetched, by the code of `client.FetchError`.
FAULTS: Mapping[str, tuple[str, str]] = {
    "unreachable": (
        "Vi fikk ikke kontakt med SSB. Serveren kan være uten nett, eller SSB svarer ikke. "
        "Det som er hentet til nå, er tatt vare på.",
        "Statistics Norway cannot be reached: is there a network?",
    ),
    "timeout": (
        "SSB brukte for lang tid på å svare. Prøv igjen om litt.",
        "Statistics Norway took too long to answer",
    ),
    "busy": (
        "SSB har for mange forespørsler akkurat nå, og ber oss vente.",
        "Statistics Norway asks us to wait: too many calls",
    ),
    "unavailable": (
        "SSBs tjeneste er ute av drift akkurat nå. Prøv igjen om litt.",
        "the service of Statistics Norway is down",
    ),
    "refused": (
        "SSB godtok ikke forespørselen. Det kan være at SSB ikke har tall for denne datoen ennå, "
        "eller at tjenesten er endret.",
        "Statistics Norway refused the question: no figures for this date yet, or a new service",
    ),
    "redirected": (
        "SSB viste videre til en annen adresse, og den følger vi ikke.",
        "the answer points to another host, which is not followed",
    ),
    "too_large": (
        "Svaret fra SSB var mye større enn ventet, og er ikke lest.",
        "the answer is too large",
    ),
    "not_json": (
        "Vi fikk noe annet enn tall fra SSB, for eksempel en nettside. Noe mellom oss og SSB kan "
        "ha svart i stedet.",
        "the answer is not JSON",
    ),
    "unreadable": (
        "Svaret fra SSB er ikke slik det pleier å være, og er ikke tatt i bruk.",
        "the answer is not as documented",
    ),
}


def finding(code: str, values: Mapping[str, object]) -> str:
    """Return the Norwegian sentence, with numbers and dates written the Norwegian way."""
    return FINDINGS[code][0].format(**{name: _norwegian(value) for name, value in values.items()})


def english(code: str, values: Mapping[str, object]) -> str:
    """Return the English line, with plain numbers and ISO dates."""
    return FINDINGS[code][1].format(**values)


def _norwegian(value: object) -> str:
    if isinstance(value, int):
        return norwegian.integer(value)
    if isinstance(value, dt.date):
        return norwegian.date_long(value)
    return str(value)
