"""Events in words: what the overview and the record print. Pure."""

from __future__ import annotations

from typing import Any

TEXTS = {
    "agreement.created": "Utkastet ble laget",
    "agreement.imported": "Avtalen ble importert fra tekst",
    "agreement.edited": "Tittel, periode eller valgt alternativ ble endret",
    "agreement.renewed": "Utkastet ble laget som ny periode etter «{title}»",
    "agreement.followed": "Ny periode ble laget: «{title}»",
    "renewal.settled": "Merket som avklart: {text}",
    "renewal.opened": "Åpnet igjen: {text}",
    "plan.edited": "Økonomien ble endret",
    "clause.edited": "Punktet «{key}» ble endret",
    "clause.added": "Punktet «{heading}» ble lagt til",
    "clause.deleted": "Punktet «{first}» ble slettet",
    "clause.restored": "Punktet «{first}» ble gjenopprettet",
    "clause.moved": "Punktet «{key}» ble flyttet",
    "party.edited": "Parten {key} ble endret",
    "party.added": "Parten {key} ble lagt til",
    "party.deleted": "Parten {key} ble fjernet",
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
    "input.added": "{sender} ga innspill om «{about}»",
    "input.answered": "Innspill fra {sender} om «{about}» fikk svar",
    "input.resolved": "Innspill fra {sender} om «{about}» ble avklart",
    "input.accepted": "Forslag fra {sender} om «{about}» ble tatt inn",
    "input.declined": "Innspill fra {sender} om «{about}» ble avslått",
    "input.withdrawn": "{sender} trakk innspillet om «{about}»",
    "input.reopened": "Innspill fra {sender} om «{about}» ble åpnet igjen",
}


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
        sender=data.get("from", ""),
        about=data.get("about", ""),
        first=clauses[0].get("heading", ""),
    )
