"""An agreement read from text, stored as a draft, with a plan to check its figures against."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from agreements import creation, imported_input
from agreements.domain.document import PartyRole
from agreements.editing import Actor, record
from agreements.importing.language import language_of
from agreements.importing.result import Imported, ImportedClause, ImportedParty
from agreements.models import CLAUSE_TEXT_LIMIT, Agreement, Clause, Comment, Party, ServiceItem
from financing import alternatives
from financing import editing as plan_editing
from financing.models import Participant, Plan
from municipalities import register
from municipalities.models import Organisation, Region

TITLE_LIMIT = HEADING_LIMIT = 160
SERVICE_LIMIT = 300


@dataclass(frozen=True)
class Stored:
    """The draft, and what the register did not know or the draft had no room for, in bokmål."""

    agreement: Agreement
    notes: tuple[str, ...]


@transaction.atomic
def store(
    actor: Actor,
    region: Region,
    found: Imported,
    term: tuple[dt.date, dt.date],
    *,
    title: str = "",
    visibility: str = Comment.Visibility.INTERNAL,
) -> Stored:
    """Store everything that was read. Nothing is dropped: what is too long for a heading goes to the text.

    `title` is one that a person has chosen. Suggestions and comments of a Word file are stored for the
    actor, with this visibility; without one they are among the notes.
    """
    notes: list[str] = []
    title = title or found.title
    title = title or f"Samarbeidsavtale, {region.name} {term[0].year}–{term[1].year}"
    if len(title) > TITLE_LIMIT:
        notes.append(f"Tittelen er kortet ned fra: {title}")
        title = title[: TITLE_LIMIT - 1] + "…"
    agreement = Agreement.objects.create(
        slug=creation.unused_slug(region, term[0].year),
        region=region,
        plan=_plan(actor, region, term, notes),
        title=title,
        language=language_of(found.clauses).value,
        term_start=term[0],
        term_end=term[1],
    )
    agreement.chosen_alternative = agreement.plan.alternatives.first()
    agreement.save(update_fields=["chosen_alternative"])
    _clauses(agreement, found.clauses, None, 0)
    _services(agreement, found, notes)
    _parties(agreement, region, found.parties, notes)
    if actor.user is None or actor.organisation is None:
        notes += imported_input.listed(found)
    else:
        imported_input.store(actor, agreement, found, visibility)
    record(
        actor,
        agreement,
        "agreement.imported",
        {
            "title": title,
            "report": [[part.line_from, part.line_to, part.what] for part in found.report],
            "left": [[part.line_number, part.text, part.why] for part in found.left],
            "notes": notes,
            "inputs": len(found.suggestions) + len(found.comments),
        },
    )
    return Stored(agreement, tuple(notes))


def _plan(actor: Actor, region: Region, term: tuple[dt.date, dt.date], notes: list[str]) -> Plan:
    """Make the plan the text's figures are checked against: the region's own populations and rates."""
    members = list(region.members.all())
    dates = register.available_dates(members)
    date = next((day for day in dates if day <= term[0]), dates[0] if dates else term[0])
    plan_actor = plan_editing.Actor(actor.user, actor.organisation)
    plan = plan_editing.create_plan(
        plan_actor,
        region,
        name=f"{region.name} {term[0].year}–{term[1].year}",
        years=(term[0].year, term[1].year),
        population_date=date,
        populations=register.population_on(members, date),
    )
    if region.municipal_rate is None or region.county_rate is None:
        notes.append("Regionen har ingen satser i registeret, så tabellen må lages under Økonomi.")
        return plan
    alternatives.add_alternative(
        plan_actor,
        plan,
        "Regionens satser",
        municipal_rate=region.municipal_rate,
        county_rate=region.county_rate,
    )
    notes.append(
        "Tabellen er regnet ut med regionens satser i registeret. Se over den under Økonomi."
    )
    return plan


def _clauses(
    agreement: Agreement, clauses: tuple[ImportedClause, ...], parent: Clause | None, position: int
) -> int:
    for item in clauses:
        printed = item.number_as_printed
        row = Clause(
            agreement=agreement,
            key=item.key,
            parent=parent,
            position=position,
            heading=item.heading or "Uten overskrift",
            source=f"Importert tekst, punkt {printed}" if printed else "Importert tekst",
        )
        row.text, *rest = pieces(item.text)
        row.save()
        position = _clauses(agreement, item.children, row, position + 1)
        for number, more in enumerate(rest, start=2):
            Clause.objects.create(
                agreement=agreement,
                key=f"{item.key}-del-{number}",
                parent=parent,
                position=position,
                heading=f"{row.heading[: HEADING_LIMIT - 12]} (del {number})",
                text=more,
                source=row.source,
            )
            position += 1
    return position


def pieces(text: str) -> list[str]:
    """Part a text that is longer than a point may be, between paragraphs where it can be done."""
    parts = []
    while len(text) > CLAUSE_TEXT_LIMIT:
        cut = text.rfind("\n\n", 1, CLAUSE_TEXT_LIMIT)
        cut = cut if cut > 0 else CLAUSE_TEXT_LIMIT
        parts.append(text[:cut].strip())
        text = text[cut:].strip()
    return [*parts, text]


def _services(agreement: Agreement, found: Imported, notes: list[str]) -> None:
    for position, (level, text) in enumerate(found.services):
        if len(text) > SERVICE_LIMIT:
            notes.append(f"En tjeneste er kortet ned fra: {text}")
            text = text[: SERVICE_LIMIT - 1] + "…"
        ServiceItem.objects.create(
            agreement=agreement,
            key=f"tjeneste-{position + 1}",
            level=level.value,
            position=position,
            text=text,
        )


def _parties(
    agreement: Agreement, region: Region, parties: tuple[ImportedParty, ...], notes: list[str]
) -> None:
    known = Names(region)
    for position, item in enumerate(parties):
        organisation = known.find(item.name)
        if organisation is None:
            notes.append(f"Registeret kjenner ikke «{item.name}», som er part etter teksten.")
            continue
        if agreement.parties.filter(organisation=organisation).exists():
            notes.append(f"{organisation.name} er nevnt som part to ganger.")
            continue
        party = Party.objects.create(
            agreement=agreement,
            organisation=organisation,
            role=_role(item, organisation),
            position=position,
        )
        for name in item.on_behalf_of:
            other = known.find(name)
            if other is None:
                notes.append(
                    f"Registeret kjenner ikke «{name}», som {organisation.name} signerer for."
                )
            else:
                party.on_behalf_of.add(other)
    _confirm_parties(agreement)


def _confirm_parties(agreement: Agreement) -> None:
    """Who is bound by the text has said yes; the region's other bodies have not been asked."""
    bound = Organisation.objects.filter(
        Q(pk__in=agreement.parties.values("organisation"))
        | Q(pk__in=agreement.parties.values("on_behalf_of"))
    )
    agreement.plan.participants.filter(organisation__in=bound).update(
        status=Participant.Status.CONFIRMED
    )


def _role(item: ImportedParty, organisation: Organisation) -> str:
    """Keep the reader's guess only where the organisation is of that kind."""
    kinds = {
        PartyRole.COUNTY_AUTHORITY: Organisation.Kind.COUNTY_AUTHORITY,
        PartyRole.CONTRACT_MUNICIPALITY: Organisation.Kind.MUNICIPALITY,
    }
    fits = kinds.get(item.role, organisation.kind) == organisation.kind
    return item.role.value if fits else PartyRole.PARTNER.value


class Names:
    """The register's organisations by every name a text may use; the region's own municipalities first."""

    def __init__(self, region: Region) -> None:
        members = {m.pk for m in region.members.all()} | {region.contract_municipality_id}
        self._names: dict[str, Organisation] = {}
        rows = Organisation.objects.exclude(kind=Organisation.Kind.OPERATOR)
        for row in sorted(rows, key=lambda o: o.municipality_id not in members):
            names = [row.name]
            if row.kind == Organisation.Kind.COUNTY_AUTHORITY:
                names += [f"{row.short_name} fk", f"{row.short_name} fylke"]
            else:
                names.append(row.short_name)
            for name in names:
                self._names.setdefault(name.casefold(), row)

    def find(self, name: str) -> Organisation | None:
        """Return the organisation a text means, whatever the case of the letters."""
        return self._names.get(" ".join(name.split()).casefold())
