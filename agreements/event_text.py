"""Events in words: what the overview and the record print. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from agreements.domain.document import Document
from agreements.domain.notices import day

TEXTS = {
    "agreement.created": "Utkastet ble laget",
    "agreement.imported": "Avtalen ble importert fra tekst",
    "agreement.edited": "Tittel, periode eller valgt alternativ ble endret",
    "language.swapped": "Teksten fra malen ble byttet til den andre målformen ({count} steder)",
    "agreement.renewed": "Utkastet ble laget som ny periode etter «{title}»",
    "agreement.followed": "Ny periode ble laget: «{title}»",
    "renewal.settled": "Merket som avklart: {text}",
    "renewal.opened": "Åpnet igjen: {text}",
    "plan.edited": "Økonomien ble endret",
    "clause.edited": "Punktet «{key}» ble endret",
    "clause.added": "Punktet «{heading}» ble lagt til",
    "clause.deleted": "Punktet «{first}» ble slettet",
    "clause.restored": "Punktet «{first}» ble gjenopprettet",
    "clause.moved": "Punktet «{key}» ble flyttet{numbers}",
    "finding.acknowledged": "Et funn fikk stå med en begrunnelse: {message}",
    "finding.reopened": "En begrunnelse for et funn ble tatt tilbake: {message}",
    "party.edited": "Parten {key} ble endret",
    "party.added": "Parten {key} ble lagt til",
    "party.deleted": "Parten {key} ble fjernet",
    "signer.edited": "E-post eller rekkefølge for signeringen ble endret: {name}",
    "service.edited": "En tjeneste ble endret",
    "service.added": "Tjenesten «{text}» ble lagt til",
    "service.deleted": "Tjenesten «{text}» ble slettet",
    "service.moved": "En tjeneste ble flyttet",
    "service.chosen": "Hvem som har tjenesten «{text}», ble endret",
    "attachment.added": "Vedlegget «{title}» ble lagt til",
    "attachment.edited": "Vedlegget «{text}» ble endret",
    "attachment.deleted": "Vedlegget «{title}» ble tatt ut",
    "attachment.restored": "Vedlegget «{title}» ble tatt med igjen",
    "attachment.moved": "Et vedlegg ble flyttet",
    "case_paper.edited": "Saksframlegget ble endret: {heading}",
    "input.added": "{sender} ga innspill om «{about}»",
    "input.answered": "Innspill fra {sender} om «{about}» fikk svar",
    "input.resolved": "Innspill fra {sender} om «{about}» ble avklart",
    "input.accepted": "Forslag fra {sender} om «{about}» ble tatt inn",
    "input.declined": "Innspill fra {sender} om «{about}» ble avslått",
    "input.withdrawn": "{sender} trakk innspillet om «{about}»",
    "template.merged": "Avtalen gikk over til versjon {version} av malen",
    "template.postponed": "Versjon {version} av malen ble utsatt",
    "template.copied": "Malen ble laget som en kopi av {heading}",
    "template.drafted": "Arbeidet med versjon {version} begynte",
    "template.edited": "Malens navn eller opplysninger ble endret",
    "template.published": "Versjon {version} ble publisert",
    "input.reopened": "Innspill fra {sender} om «{about}» ble åpnet igjen",
    "state.freeze": "Versjon {version} ble låst og sendt til behandling",
    "state.withdraw": "Versjon {version} ble trukket tilbake",
    "state.recommend": "Runden om versjon {version} ble avsluttet med innstilling",
    "state.send_to_councils": "Versjon {version} ble sendt til vedtak",
    "state.adopt": "Versjon {version} er vedtatt av alle",
    "state.adopt_partly": "Versjon {version} er delvis vedtatt",
    "state.reject": "Versjon {version} ble ikke vedtatt av noen",
    "state.go_on_without": "Avtalen går videre uten dem som sa nei",
    "state.accept_conditions": "Vilkårene til versjon {version} ble godtatt",
    "state.give_up": "Avtalen blir ikke inngått",
    "state.correct": "Vedtakene om versjon {version} ble åpnet for retting",
    "state.new_round": "Utkastet ble åpnet for en ny runde",
    "state.prepare_signing": "Versjon {version} ble gjort klar til signering",
    "state.sign_partly": "Versjon {version} er signert av noen av partene",
    "state.sign": "Versjon {version} er signert av alle partene",
    "state.unsign_partly": "Det ble tatt tilbake at {name} hadde signert versjon {version}",
    "state.unsign": "Det ble tatt tilbake at {name} hadde signert versjon {version}",
    "state.start": "Avtalen trådte i kraft",
    "state.amend": "En endring av avtalen ble registrert",
    "state.extend": "En forlengelse av avtalen ble registrert",
    "state.give_notice": "En oppsigelse av avtalen ble registrert",
    "state.expire": "Avtalen er utløpt",
    "state.archive": "Avtalen ble arkivert",
    "archive.described": "Saksnummer, tilgangskode eller hjemmel for arkivet ble endret",
    "public.marked": "Unntatt offentlighet i versjon {version}: {text} ({basis})",
    "public.unmarked": "Ikke lenger unntatt offentlighet i versjon {version}: {text} ({basis})",
    "public.begun": "En ny offentlig versjon av versjon {version} ble begynt",
    "public.made": "Den offentlige versjonen av versjon {version} ble laget",
    "decision.given": "{name} svarte på versjon {version}: {stance}",
    "decision.taken_back": "{name} trakk svaret på versjon {version}",
    "delegation.given": "{name} lot {to_name} svare i en periode",
    "delegation.revoked": "{name} avsluttet delegeringen til {to_name}",
    "round.deadline_moved": "Svarfristen for versjon {version} ble flyttet{deadlines}",
    "freeze.requested": "Det ble bedt om at utkastet låses",
    "resolution.recorded": "Vedtaket fra {name} om versjon {version} ble registrert",
}

STANCES = {
    "positive": "positiv",
    "conditional": "positiv på vilkår",
    "negative": "negativ",
}


def _deadlines(moved: Any) -> str:
    """« fra 1. mai 2026 til 8. mai 2026»; empty unless a deadline was moved."""
    if not isinstance(moved, list):
        return ""
    before, after = (day(dt.date.fromisoformat(text)) for text in moved)
    return f" fra {before} til {after}"


def names(document: Document, headings: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Return what `describe` calls the points, by these headings, and the parties of an agreement."""
    found = {("clause", key): text for key, text in headings.items()}
    return found | {("party", party.body.key): party.body.name for party in document.parties}


def describe(action: str, data: dict[str, Any], names: dict[tuple[str, str], str]) -> str:
    """Return one Norwegian sentence without full stop.

    `names` gives the words for («clause», key) and («party», key) where they are still in the draft:
    a point and a party may have the same key. The event of a party that was removed has its name.
    KeyError on an action that has no words: every action must have them.
    """
    key = str(data.get("key", ""))
    clauses = data.get("clauses") or [{}]
    return TEXTS[action].format(
        key=names.get((action.partition(".")[0], key), data.get("name", key)),
        heading=data.get("heading", ""),
        title=data.get("title", ""),
        text=data.get("text", ""),
        count=data.get("count", 0),
        sender=data.get("from", ""),
        about=data.get("about", ""),
        basis=data.get("basis", ""),
        version=data.get("version", ""),
        first=clauses[0].get("heading", ""),
        name=data.get("name", ""),
        to_name=data.get("to_name", ""),
        stance=STANCES.get(str(data.get("stance", "")), ""),
        message=str(data.get("message", "")).rstrip("."),
        deadlines=_deadlines(data.get("deadline")),
        numbers=" fra {from} til {to}".format(**data) if "from" in data and "to" in data else "",
    )
