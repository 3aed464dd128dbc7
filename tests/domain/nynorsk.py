"""Telling nynorsk from bokmål, for the tests of fixed text. By lists: no dictionary is needed to run."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
# A name keeps its own spelling: «En vei inn».
_NAME = re.compile(r"«[^«»]{1,60}»")

# Words that are bokmål and never nynorsk: function words, and the field's own.
_ONLY = frozenset(
    (
        *("aktivitetene", "aktiviteter", "avtalen", "avtalens", "bare", "behandlingen"),
        *("beholder", "bekreftet", "beløpene", "beregne", "beregning", "beregningen"),
        *("bevilger", "bevilgning", "bevilgninger", "bidragene", "bidragsyter", "bidragsytere"),
        *("blitt", "bruker", "brukere", "brukerne", "dagene", "dager", "de", "deltakere"),
        *("deltakerne", "dem", "disse", "egenandel", "egenandeler", "eget", "egne", "eier"),
        *("en", "endringen", "et", "etablerer", "etablerere", "etablererne"),
        *("etablerertjeneste", "etablerertjenesten", "faglig", "fellesfunksjonene"),
        *("fellesfunksjoner", "finansieringen", "flere", "forbehold", "forbeholdet"),
        *("forlengelse", "forlengelsen", "forskjell", "fortsetter", "forvaltningsloven", "fra"),
        *("fylkeskommunens", "fylkesordfører", "fylkesordføreren", "ganger", "gis", "gjelder"),
        *("gjør", "gjøre", "hele", "hun", "hva", "hvem", "hver", "hvert", "hvilke", "hvilken"),
        *("hvis", "hvor", "hvordan", "hører", "ikke", "innbygger", "innbyggere", "innbyggerne"),
        *("innbyggertall", "innbyggertallene", "innhold", "jeg", "jevnlig", "jevnlige"),
        *("kilde", "kommuneloven", "kommunene", "kommunenes", "kommuner", "kontraktskommunene"),
        *("kontraktskommunens", "kvalitetene", "loven", "mer", "merverdiavgift"),
        *("minimumstjenester", "mye", "måneden", "måneder", "navn", "noe", "noen"),
        *("næringslivets", "nærmeste", "offentlig", "offentlige", "oppgavene", "oppgaver"),
        *("opphør", "opphører", "opphørt", "opplysninger", "oppsigelse", "oppsigelsen"),
        *("oppsigelsestiden", "ordfører", "ordføreren", "ordningen", "partene", "partenes"),
        *("parter", "pengene", "penger", "personopplysninger", "personopplysningsloven"),
        *("rapporteringen", "regnet", "regnskap", "regnskapet", "rettighetene", "rettigheter"),
        *("rettslig", "rettslige", "rundet", "samarbeidskommunene", "samme", "sammen"),
        *("sammenligning", "selv", "sier", "sies", "skriftlig", "sted", "summene", "sørge"),
        *("taushetsplikt", "taushetsplikten", "tiden", "tilbud", "tilbudet", "tilhører"),
        *("tilleggstjenestene", "tilleggstjenester", "timer", "tjeneste", "tjenesten"),
        *("tjenester", "trenger", "tvister", "tydelig", "ubekreftede", "uten", "uttreden"),
        *("varighet", "vedlegge", "veilede", "veileder", "veiledere", "veilederne"),
        *("veiledning", "velger", "virksomhet", "virksomheten", "virksomheter", "vises"),
        *("vist", "være", "årene", "årlig", "årlige", "ønsker"),
    )
)

# Good nynorsk that this program does not use: one form of each word, see docs/language.md.
_OTHER = frozenset(
    (
        *("avtalen", "avtalar", "vert", "vart", "fyrste", "bygge", "bygger", "legge", "legger"),
        *("følge", "følger", "dekke", "dekker", "ønsker", "tenke", "bruka", "vera", "gjera"),
        *("halda", "da", "tatt", "innbyggar", "innbyggarar", "innbyggarane", "innbyggartal"),
        *("månadar", "månadane", "nokre", "berekning", "forlengelse", "rettigheiter"),
        *("taushetsplikt", "me", "eg"),
    )
)


def bokmal_only(text: str) -> list[str]:
    """Return the words of a text that are bokmål and not nynorsk, each once, in order."""
    return _hits(text, _ONLY)


def foreign(text: str) -> list[str]:
    """Return the words in a form that was not chosen, each once, in order."""
    return _hits(text, _OTHER)


def _hits(text: str, known: frozenset[str]) -> list[str]:
    found = (word.lower() for word in _WORD.findall(_NAME.sub(" ", text)))
    return list(dict.fromkeys(word for word in found if word in known))
