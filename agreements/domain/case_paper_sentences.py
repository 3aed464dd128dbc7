"""What a case paper says until the team writes it, in both written languages. Pure.

`{{ … }}` are facts, as in clause text; `{…}` are filled in by `case_paper_texts`.
"""

from __future__ import annotations

from types import MappingProxyType

from agreements.domain.document import Language

_BOKMAL = {
    "version": "versjon {number}",
    "draft": "utkastet",
    "template": "«{name}», versjon {number}, fra {day}",
    "nobody_asked": "Kommunene er ikke bedt om svar ennå.",
    "positive": "Kommunedirektøren i {names} anbefaler avtalen.",
    "positive_many": "Kommunedirektørene i {names} anbefaler avtalen.",
    "conditional": "Kommunedirektøren i {names} anbefaler avtalen på vilkår.",
    "conditional_many": "Kommunedirektørene i {names} anbefaler avtalen på vilkår.",
    "negative": "Kommunedirektøren i {names} anbefaler ikke avtalen.",
    "negative_many": "Kommunedirektørene i {names} anbefaler ikke avtalen.",
    "undecided": "Kommunedirektøren i {names} har ikke svart.",
    "undecided_many": "Kommunedirektørene i {names} har ikke svart.",
    "term": (
        "«{{ avtale.tittel }}» gjelder fra {{ avtale.startdato }} til {{ avtale.sluttdato }}. Den "
        "omfatter {{ kommuner.navn }}."
    ),
    "term_alone": (
        "«{{ avtale.tittel }}» gjelder fra {{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "previous": (
        "Avtalen følger etter «{{ sak.forrige_avtale }}», som varer til {{ sak.forrige_sluttdato }}."
    ),
    "from_template": "Teksten bygger på malen {{ sak.mal }}.",
    "signs": (
        "{{ kontraktskommune.navn }} er part på vegne av kommunene. Hver kommune gjør sitt eget vedtak."
    ),
    "frame": (
        "Med «{{ okonomi.alternativ }}» er alle bidrag til sammen {{ sak.ramme }}. Kommunenes del er "
        "{{ sak.kommunebidrag }}."
    ),
    "budgets": (
        "Bidragene forutsetter bevilgning i de årlige budsjettene. Sier en kommune nei, må bidragene "
        "regnes om og en ny versjon av avtalen behandles."
    ),
    "recommend_exact": (
        "Kommunene i {{ region.navn }} anbefales å vedta «{{ avtale.tittel }}», {{ sak.versjon }} "
        "(kontrollsum {{ sak.kontrollsum }}), for perioden {{ avtale.startdato }} til "
        "{{ avtale.sluttdato }}."
    ),
    "recommend": (
        "Kommunene i {{ region.navn }} anbefales å vedta «{{ avtale.tittel }}» for perioden "
        "{{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "recommend_amounts": (
        "Bidragene følger «{{ okonomi.alternativ }}». Kommunenes bidrag er til sammen "
        "{{ sak.kommunebidrag }}."
    ),
    "recommend_later": "Bidragene fastsettes når et alternativ er valgt.",
    "recommend_signs": (
        "{{ kontraktskommune.navn }} signerer avtalen på vegne av kommunene som har vedtatt den."
    ),
    "recommend_budgets": (
        "Bidragene gis med forbehold om årlig bevilgning i budsjettet til hver kommune."
    ),
    "adopt_exact": (
        "Kommunestyret i {{ kommune.navn }} vedtar «{{ avtale.tittel }}», {{ sak.versjon }} "
        "(kontrollsum {{ sak.kontrollsum }}), for perioden {{ avtale.startdato }} til "
        "{{ avtale.sluttdato }}."
    ),
    "adopt": (
        "Kommunestyret i {{ kommune.navn }} vedtar «{{ avtale.tittel }}» for perioden "
        "{{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "adopt_amounts": (
        "{{ kommune.navn }} bidrar etter «{{ okonomi.alternativ }}» med {{ kommune.bidrag }}."
    ),
    "adopt_later": "Kommunens bidrag fastsettes når et alternativ er valgt.",
    "adopt_budget": "Bidraget gis med forbehold om kommunestyrets årlige budsjettvedtak.",
    "adopt_signs": "{{ kommune.signering }}",
    "other_signs": "{name} får fullmakt til å signere avtalen på vegne av kommunen.",
    "mayor_signs": (
        "Ordføreren får fullmakt til å signere avtalen, også på vegne av samarbeidskommunene som har "
        "vedtatt den."
    ),
    "reject_exact": (
        "Kommunestyret i {{ kommune.navn }} vedtar ikke «{{ avtale.tittel }}», {{ sak.versjon }} "
        "(kontrollsum {{ sak.kontrollsum }})."
    ),
    "reject": "Kommunestyret i {{ kommune.navn }} vedtar ikke «{{ avtale.tittel }}».",
    "reject_tell": "De andre kommunene i {{ region.navn }} får melding om vedtaket.",
}

_NYNORSK = {
    "version": "versjon {number}",
    "draft": "utkastet",
    "template": "«{name}», versjon {number}, frå {day}",
    "nobody_asked": "Kommunane er ikkje bedne om svar enno.",
    "positive": "Kommunedirektøren i {names} tilrår avtala.",
    "positive_many": "Kommunedirektørane i {names} tilrår avtala.",
    "conditional": "Kommunedirektøren i {names} tilrår avtala på vilkår.",
    "conditional_many": "Kommunedirektørane i {names} tilrår avtala på vilkår.",
    "negative": "Kommunedirektøren i {names} tilrår ikkje avtala.",
    "negative_many": "Kommunedirektørane i {names} tilrår ikkje avtala.",
    "undecided": "Kommunedirektøren i {names} har ikkje svart.",
    "undecided_many": "Kommunedirektørane i {names} har ikkje svart.",
    "term": (
        "«{{ avtale.tittel }}» gjeld frå {{ avtale.startdato }} til {{ avtale.sluttdato }}. Ho omfattar "
        "{{ kommuner.navn }}."
    ),
    "term_alone": (
        "«{{ avtale.tittel }}» gjeld frå {{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "previous": (
        "Avtala følgjer etter «{{ sak.forrige_avtale }}», som varer til {{ sak.forrige_sluttdato }}."
    ),
    "from_template": "Teksten byggjer på malen {{ sak.mal }}.",
    "signs": (
        "{{ kontraktskommune.navn }} er part på vegner av kommunane. Kvar kommune gjer sitt eige vedtak."
    ),
    "frame": (
        "Med «{{ okonomi.alternativ }}» er alle bidrag til saman {{ sak.ramme }}. Delen til kommunane "
        "er {{ sak.kommunebidrag }}."
    ),
    "budgets": (
        "Bidraga føreset løyving i dei årlege budsjetta. Seier ein kommune nei, må bidraga reknast om "
        "og ein ny versjon av avtala behandlast."
    ),
    "recommend_exact": (
        "Det blir tilrådd at kommunane i {{ region.navn }} vedtek «{{ avtale.tittel }}», "
        "{{ sak.versjon }} (kontrollsum {{ sak.kontrollsum }}), for perioden {{ avtale.startdato }} "
        "til {{ avtale.sluttdato }}."
    ),
    "recommend": (
        "Det blir tilrådd at kommunane i {{ region.navn }} vedtek «{{ avtale.tittel }}» for perioden "
        "{{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "recommend_amounts": (
        "Bidraga følgjer «{{ okonomi.alternativ }}». Bidraga frå kommunane er til saman "
        "{{ sak.kommunebidrag }}."
    ),
    "recommend_later": "Bidraga blir fastsette når eit alternativ er valt.",
    "recommend_signs": (
        "{{ kontraktskommune.navn }} signerer avtala på vegner av kommunane som har vedteke henne."
    ),
    "recommend_budgets": (
        "Bidraga blir gitte med atterhald om årleg løyving i budsjettet til kvar kommune."
    ),
    "adopt_exact": (
        "Kommunestyret i {{ kommune.navn }} vedtek «{{ avtale.tittel }}», {{ sak.versjon }} (kontrollsum "
        "{{ sak.kontrollsum }}), for perioden {{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "adopt": (
        "Kommunestyret i {{ kommune.navn }} vedtek «{{ avtale.tittel }}» for perioden "
        "{{ avtale.startdato }} til {{ avtale.sluttdato }}."
    ),
    "adopt_amounts": (
        "{{ kommune.navn }} bidreg etter «{{ okonomi.alternativ }}» med {{ kommune.bidrag }}."
    ),
    "adopt_later": "Bidraget frå kommunen blir fastsett når eit alternativ er valt.",
    "adopt_budget": "Bidraget blir gitt med atterhald om dei årlege budsjettvedtaka i kommunestyret.",
    "adopt_signs": "{{ kommune.signering }}",
    "other_signs": "{name} får fullmakt til å signere avtala på vegner av kommunen.",
    "mayor_signs": (
        "Ordføraren får fullmakt til å signere avtala, også på vegner av samarbeidskommunane som har "
        "vedteke henne."
    ),
    "reject_exact": (
        "Kommunestyret i {{ kommune.navn }} vedtek ikkje «{{ avtale.tittel }}», {{ sak.versjon }} "
        "(kontrollsum {{ sak.kontrollsum }})."
    ),
    "reject": "Kommunestyret i {{ kommune.navn }} vedtek ikkje «{{ avtale.tittel }}».",
    "reject_tell": "Dei andre kommunane i {{ region.navn }} får melding om vedtaket.",
}

SENTENCES = MappingProxyType({Language.BOKMAL: _BOKMAL, Language.NYNORSK: _NYNORSK})
