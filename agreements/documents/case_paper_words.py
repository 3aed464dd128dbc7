"""The fixed words of a case paper in both written standards."""

from __future__ import annotations

from types import MappingProxyType

from agreements.domain.document import Language

_BOKMAL = {
    "paper": "Saksframlegg",
    "draft": "Utkast",
    "to": "Til",
    "to_region": "Kommunene i {name}",
    "to_council": "Kommunestyret i {name}",
    "case": "Saksnummer",
    "about": "Gjelder",
    "term": "Avtaleperiode",
    "until": "{start} til {end}",
    "version": "Versjon {number}, låst {day}, kontrollsum {hash}",
    "version_short": "Versjon {number}",
    "withdrawn": "Versjonen er trukket tilbake, og skal ikke vedtas.",
    "is_draft": "Utkast. Avtalen er ikke låst, og teksten og tallene kan bli endret.",
    "short": "Kort om saken",
    "own": "Hva det betyr for {name}",
    "recommendation": "Innstilling",
    "resolution": "Forslag til vedtak",
    "against": (
        "Kommunedirektøren i {name} anbefaler ikke avtalen. Vil kommunestyret likevel være med, er "
        "forslaget:"
    ),
    "outside": "{name} bidrar ikke i «{alternative}». Blir kommunen likevel med, er forslaget:",
    "conditions": "Kommunedirektøren anbefaler avtalen på vilkår, som kommunestyret må ta stilling til:",
    "background": "Bakgrunn",
    "changes": "Hva er nytt",
    "since_previous": "Endret siden «{name}», som varer til {day}:",
    "since_template": (
        "Ingen tidligere avtale er registrert. Endret fra malen «{name}», fra {day}, som avtalen er "
        "laget av:"
    ),
    "nothing_before": (
        "Ingen tidligere avtale og ingen mal er registrert, så det er ikke noe å sammenligne med."
    ),
    "no_changes": "Ingenting er endret.",
    "money": "Økonomi",
    "no_tables": (
        "Ingen alternativer er regnet ut ennå, så kommunenes bidrag er ikke kjent. De mangler satser "
        "eller innbyggertall."
    ),
    "only_chosen": (
        "Planen er endret etter at versjonen ble låst. Derfor vises bare alternativet som står i "
        "versjonen, og det sammenlignes ikke med i dag."
    ),
    "beside": "Alternativene mot i dag",
    "beside_alone": "Alternativene mot hverandre",
    "no_today": "Hva hver bidragsyter betaler i dag, er ikke registrert.",
    "lead": (
        "Først bidragene i {year} mot det som betales i dag ({today}), så alle årene i hvert "
        "alternativ. Alle beløp er kroner i året."
    ),
    "all_tables": "For alle tabellene gjelder:",
    "is_conditional": "Det er tatt forbehold om bidrag fra {names}, som ikke er bekreftet.",
    "is_undecided": "{names} har ikke tatt stilling til å bidra.",
    "today": "I dag ({year})",
    "change": "Endring",
    "chosen": "valgt",
    "year": "År",
    "change_year": "Endring {year} mot i dag",
    "each_year": "Per innbygger {year}",
    "views": "Kommunenes syn",
    "not_asked": "Ingen versjon er sendt ut, så kommunene er ikke bedt om svar ennå.",
    "municipality": "Kommune",
    "answer": "Svar",
    "prefers": "Foretrekker",
    "day": "Dato",
    "delegated": "{day}, etter delegering",
    "resolutions": "Vedtak i kommunestyrene",
    "council": "Vedtak",
    "case_and_day": "Sak og dato",
    "condition": "Vilkår",
    "others": "Andre som bekrefter sin del",
    "body": "Part",
    "inputs": "Innspill, og hva som kom ut av dem",
    "from": "Fra",
    "asked": "Innspill",
    "became": "Utfall",
    "whole": "avtalen som helhet",
    "proposal": "Forslag til ny ordlyd.",
    "open": "Ikke avklart.",
    "resolved": "Avklart.",
    "accepted": "Tatt inn i punktet, utgave {revision}.",
    "declined": "Ikke tatt inn.",
    "in_version": "Med i versjon {number}.",
    "assessment": "Vurdering",
    "open_points": "Det som ikke er avklart",
    "standing": "Advarsler fra kontrollen som er vurdert, og fikk stå:",
    "waiting": "Kontrollen av utkastet viser:",
    "more": "og {count} til",
    "open_inputs": "{count} innspill er ikke avklart.",
    "unconfirmed": "{names} har ikke bekreftet sin del.",
    "attachments": "Vedlegg",
    "agreement_attached": "{title}, {version}",
    "restricted": "{title} (unntatt offentlighet: {code})",
    "sources": "Kilder og datoer",
    "population": "Innbyggertall: {day}.",
    "population_source": "Innbyggertall: {day}. Kilde: {source}.",
    "today_source": "Dagens bidrag ({year}): {source}.",
    "today_no_source": "Dagens bidrag ({year}): ingen kilde er oppgitt.",
    "asked_day": "Svarene gjelder versjon {number}, låst {day}.",
    "template_source": "Mal: «{name}», versjon {number}, fra {day}.",
    "costs": "{alternative}: alle bidrag er {total} kroner i {year}. Kommunenes del er {part} kroner{than}.",
    "own_costs": "{alternative}: {name} betaler {total} kroner i {year}{than}.",
    "own_nothing": "{alternative}: {name} bidrar ikke.",
    "less": ", {amount} kroner mindre enn i dag",
    "more_than": ", {amount} kroner mer enn i dag",
    "same": ", det samme som i dag",
    "own_view": "Svar fra kommunedirektøren i {name}: {stance}.",
    "decides": "Hvert kommunestyre gjør sitt eget vedtak. Bidragene krever bevilgning i budsjettet hvert år.",
    "stance_positive": "positiv",
    "stance_conditional": "positiv på vilkår",
    "stance_negative": "negativ",
    "stance_undecided": "ikke svart",
    "confirmed": "bekreftet",
    "confirmed_conditional": "bekreftet på vilkår",
    "not_confirmed": "ikke bekreftet",
    "refused": "bekrefter ikke",
    "outcome_adopted": "vedtatt",
    "outcome_conditional": "vedtatt på vilkår",
    "outcome_rejected": "ikke vedtatt",
}

_NYNORSK = {
    "paper": "Saksframlegg",
    "draft": "Utkast",
    "to": "Til",
    "to_region": "Kommunane i {name}",
    "to_council": "Kommunestyret i {name}",
    "case": "Saksnummer",
    "about": "Gjeld",
    "term": "Avtaleperiode",
    "until": "{start} til {end}",
    "version": "Versjon {number}, låst {day}, kontrollsum {hash}",
    "version_short": "Versjon {number}",
    "withdrawn": "Versjonen er trekt tilbake, og skal ikkje vedtakast.",
    "is_draft": "Utkast. Avtala er ikkje låst, og teksten og tala kan bli endra.",
    "short": "Kort om saka",
    "own": "Kva det har å seie for {name}",
    "recommendation": "Innstilling",
    "resolution": "Forslag til vedtak",
    "against": (
        "Kommunedirektøren i {name} tilrår ikkje avtala. Vil kommunestyret likevel vere med, er "
        "forslaget:"
    ),
    "outside": "{name} bidreg ikkje i «{alternative}». Blir kommunen likevel med, er forslaget:",
    "conditions": "Kommunedirektøren tilrår avtala på vilkår, som kommunestyret må ta stilling til:",
    "background": "Bakgrunn",
    "changes": "Kva er nytt",
    "since_previous": "Endra sidan «{name}», som varer til {day}:",
    "since_template": (
        "Inga tidlegare avtale er registrert. Endra frå malen «{name}», frå {day}, som avtala er laga "
        "av:"
    ),
    "nothing_before": (
        "Inga tidlegare avtale og ingen mal er registrert, så det er ikkje noko å samanlikne med."
    ),
    "no_changes": "Ingenting er endra.",
    "money": "Økonomi",
    "no_tables": (
        "Ingen alternativ er rekna ut enno, så bidraga frå kommunane er ikkje kjende. Dei manglar "
        "satsar eller innbyggjartal."
    ),
    "only_chosen": (
        "Planen er endra etter at versjonen blei låst. Derfor er berre alternativet i versjonen med, og "
        "det blir ikkje samanlikna med i dag."
    ),
    "beside": "Alternativa mot i dag",
    "beside_alone": "Alternativa mot kvarandre",
    "no_today": "Kva kvar bidragsytar betaler i dag, er ikkje registrert.",
    "lead": (
        "Først bidraga i {year} mot det som blir betalt i dag ({today}), så alle åra i kvart "
        "alternativ. Alle beløp er kroner i året."
    ),
    "all_tables": "For alle tabellane gjeld:",
    "is_conditional": "Det er teke atterhald om bidrag frå {names}, som ikkje er stadfesta.",
    "is_undecided": "{names} har ikkje teke stilling til å bidra.",
    "today": "I dag ({year})",
    "change": "Endring",
    "chosen": "valt",
    "year": "År",
    "change_year": "Endring {year} mot i dag",
    "each_year": "Per innbyggjar {year}",
    "views": "Synet til kommunane",
    "not_asked": "Ingen versjon er send ut, så kommunane er ikkje bedne om svar enno.",
    "municipality": "Kommune",
    "answer": "Svar",
    "prefers": "Føretrekkjer",
    "day": "Dato",
    "delegated": "{day}, etter delegering",
    "resolutions": "Vedtak i kommunestyra",
    "council": "Vedtak",
    "case_and_day": "Sak og dato",
    "condition": "Vilkår",
    "others": "Andre som stadfestar sin del",
    "body": "Part",
    "inputs": "Innspel, og kva som kom ut av dei",
    "from": "Frå",
    "asked": "Innspel",
    "became": "Utfall",
    "whole": "heile avtala",
    "proposal": "Forslag til ny ordlyd.",
    "open": "Ikkje avklart.",
    "resolved": "Avklart.",
    "accepted": "Teke inn i punktet, utgåve {revision}.",
    "declined": "Ikkje teke inn.",
    "in_version": "Med i versjon {number}.",
    "assessment": "Vurdering",
    "open_points": "Det som ikkje er avklart",
    "standing": "Åtvaringar frå kontrollen som er vurderte, og fekk stå:",
    "waiting": "Kontrollen av utkastet viser:",
    "more": "og {count} til",
    "open_inputs": "{count} innspel er ikkje avklart.",
    "unconfirmed": "{names} har ikkje stadfesta sin del.",
    "attachments": "Vedlegg",
    "agreement_attached": "{title}, {version}",
    "restricted": "{title} (unnateke offentlegheit: {code})",
    "sources": "Kjelder og datoar",
    "population": "Innbyggjartal: {day}.",
    "population_source": "Innbyggjartal: {day}. Kjelde: {source}.",
    "today_source": "Bidraga i dag ({year}): {source}.",
    "today_no_source": "Bidraga i dag ({year}): inga kjelde er oppgitt.",
    "asked_day": "Svara gjeld versjon {number}, låst {day}.",
    "template_source": "Mal: «{name}», versjon {number}, frå {day}.",
    "costs": (
        "{alternative}: alle bidrag er {total} kroner i {year}. Delen til kommunane er {part} "
        "kroner{than}."
    ),
    "own_costs": "{alternative}: {name} betaler {total} kroner i {year}{than}.",
    "own_nothing": "{alternative}: {name} bidreg ikkje.",
    "less": ", {amount} kroner mindre enn i dag",
    "more_than": ", {amount} kroner meir enn i dag",
    "same": ", det same som i dag",
    "own_view": "Svar frå kommunedirektøren i {name}: {stance}.",
    "decides": "Kvart kommunestyre gjer sitt eige vedtak. Bidraga krev løyving i budsjettet kvart år.",
    "stance_positive": "positiv",
    "stance_conditional": "positiv på vilkår",
    "stance_negative": "negativ",
    "stance_undecided": "ikkje svart",
    "confirmed": "stadfesta",
    "confirmed_conditional": "stadfesta på vilkår",
    "not_confirmed": "ikkje stadfesta",
    "refused": "stadfestar ikkje",
    "outcome_adopted": "vedteke",
    "outcome_conditional": "vedteke på vilkår",
    "outcome_rejected": "ikkje vedteke",
}

PAPER_WORDS = MappingProxyType({Language.BOKMAL: _BOKMAL, Language.NYNORSK: _NYNORSK})
