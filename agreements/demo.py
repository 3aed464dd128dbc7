"""The demonstration: two real agreements of the seeds, and one in nynorsk, made as any other.

Figures and texts that no document gives are marked «eksempel».
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from agreements import attachments, checklist, creation, editing, model_agreements, templates_store
from agreements import input as services
from agreements.domain.document import AttachmentKind, Language
from agreements.models import Agreement, AgreementTemplate, Comment
from financing import alternatives, current, surroundings
from financing import editing as plan_editing
from financing.models import Participant, Plan
from municipalities import register
from municipalities.models import County, Membership, Municipality, Organisation, Region, User

PASSWORD = "eksempel-passord-2026"  # noqa: S105 -- printed by script/server; load_demo disables it elsewhere
Role = Membership.Role
TEMPLATE, NYNORSK = "etablerertjenesten_nb", "etablerertjenesten_nn"


@dataclass(frozen=True)
class Person:
    """A demonstration user with one role."""

    email: str
    name: str
    organisation: str  # key
    role: Membership.Role


PEOPLE = (
    Person("redaktor@ringerike.example", "Rita Redaktør", "3305", Role.EDITOR),
    Person("redaktor@modum.example", "Magnus Modum", "3316", Role.EDITOR),
    Person("direktor@hole.example", "Hanne Hole", "3310", Role.DIRECTOR),
    Person("direktor@jevnaker.example", "Jon Jevnaker", "3236", Role.DIRECTOR),
    Person("direktor@krodsherad.example", "Kari Krødsherad", "3318", Role.DIRECTOR),
    Person("direktor@modum.example", "Mona Modum", "3316", Role.DIRECTOR),
    Person("direktor@ringerike.example", "Randi Ringerike", "3305", Role.DIRECTOR),
    Person("admin@ringerike.example", "Arne Administrator", "3305", Role.ADMINISTRATOR),
    Person("leser@hole.example", "Lars Leser", "3310", Role.READER),
    Person("fylket@buskerud.example", "Frida Fylke", "33", Role.EDITOR),
    Person("redaktor@moss.example", "Mari Moss", "3103", Role.EDITOR),
    Person("redaktor@gol.example", "Guro Gol", "3324", Role.EDITOR),
    Person("admin@gol.example", "Anders Administrator", "3324", Role.ADMINISTRATOR),
    Person("direktor@hol.example", "Herborg Hol", "3330", Role.DIRECTOR),
)


class DemoExistsError(Exception):
    """The demonstration is loaded already."""


@transaction.atomic
def load(*, usable_accounts: bool) -> list[Agreement]:
    """Load the register, the model agreements, the people and the three agreements.

    With `usable_accounts` false nobody can log in as a demonstration person: for a database that
    others can reach. DemoExistsError when an agreement or a demonstration person is there already.
    """
    if Agreement.objects.exists() or User.objects.filter(email__endswith=".example").exists():
        raise DemoExistsError
    register.load()
    templates_store.load_shipped()
    _people(usable_accounts)
    return [_ringeriksregionen(), _mosseregionen(), _hallingdal()]


def _people(usable: bool) -> None:
    for person in PEOPLE:
        user = User.objects.create_user(
            person.email, PASSWORD if usable else None, name=person.name, is_active=usable
        )
        organisation = Organisation.objects.get(key=person.organisation)
        Membership.objects.create(user=user, organisation=organisation, role=person.role)


def _editor(email: str) -> User:
    return User.objects.get(email=email)


def _status(plan: Plan, statuses: dict[str, str]) -> None:
    for participant in plan.participants.select_related("organisation"):
        participant.status = statuses.get(
            participant.organisation.key, Participant.Status.CONFIRMED.value
        )
        participant.save(update_fields=["status"])


def _ringeriksregionen() -> Agreement:
    """The case of sak 27/25: alternatives 14,50 and 16,50, index 4,1 percent, Akershus not confirmed."""
    template = _template()
    region = Region.objects.get(slug="ringeriksregionen")
    contract = region.contract_municipality.organisation
    user = _editor("redaktor@ringerike.example")
    actor = plan_editing.Actor(user, contract)
    date = dt.date(2025, 1, 1)
    plan = plan_editing.create_plan(
        actor,
        region,
        name="Ringeriksregionen 2026–2028",
        years=(2026, 2028),
        population_date=date,
        populations=register.population_on(region.members.all(), date),
        invoicing=("Ringerike kommune fakturerer de andre kommunene for bidragene deres."),
    )
    _status(plan, {"32": Participant.Status.CONDITIONAL.value})
    source = "Anslag for kommunal deflator 2025, Nasjonalbudsjettet 2025"
    for name, rate in (("Alternativ 1", "14.50"), ("Alternativ 2", "16.50")):
        alternatives.add_alternative(
            actor,
            plan,
            name,
            municipal_rate=Decimal(rate),
            county_rate=Decimal("5.50"),
            index_percent=Decimal("4.1"),
            index_source=source,
        )
    _today(actor, plan)
    agreement = creation.create_agreement(
        editing.Actor(user, contract),
        region=region,
        template=template,
        plan=plan,
        title="Samarbeidsavtale om etablerertjenesten i Ringeriksregionen 2026–2028",
        term_start=dt.date(2026, 1, 1),
        term_end=dt.date(2028, 12, 31),
        partners=_partners("nav-vest-viken"),
    )
    _sign(agreement)
    _additional_services(editing.Actor(user, contract), agreement, template)
    _attach(editing.Actor(user, contract), agreement)
    _input_from_modum(editing.Actor(user, contract), agreement)
    return agreement


def _input_from_modum(editor: editing.Actor, agreement: Agreement) -> None:
    """The two requests of sak 27/25, in words of our own: one is taken in, one is open.

    The wording of the suggestion and the editor's reply are examples: no document gives them.
    """
    modum = editing.Actor(_editor("direktor@modum.example"), Organisation.objects.get(key="3316"))
    shared = Comment.Visibility.SHARED.value
    clause = agreement.clauses.select_related("agreement").get(key="nav-lokalt")
    contact = "Hvert Nav-kontor i regionen skal ha en fast kontakt i etablerertjenesten."
    wish = services.suggest(
        modum,
        clause,
        clause.revision,
        (clause.heading, f"{clause.text}\n{contact}"),
        "Modum vil ha med alle Nav-kontorene i regionen, ikke bare kontoret i kontraktskommunen, "
        "og sikre god kontakt med hvert av dem. (Ordlyden i forslaget er et eksempel.)",
        shared,
    )
    services.accept(editor, wish, clause.revision)
    briefing = services.add_comment(
        modum,
        agreement,
        services.Target(clause_key="informasjon"),
        "Modum ønsker at avtalen gir hver kommune tilbud om en årlig orientering om tjenesten, for "
        "politikere eller administrasjon.",
        shared,
    )
    services.reply(
        editor,
        briefing,
        "Eksempel: De siste setningene i punktet er ment å dekke dette. Er de gode nok for dere?",
    )


def _today(actor: plan_editing.Actor, plan: Plan) -> None:
    """What is paid today by the old model. No document has the amounts: they are an example."""
    base, rate, county_rate = Decimal(50_000), Decimal("2.50"), Decimal("5.50")
    people = list(plan.participants.select_related("organisation", "county"))
    municipal = {p.organisation.key: p.population for p in people if p.population is not None}
    amounts = current.old_model(municipal, base, rate)
    source = f"Eksempel. {current.old_model_source(base, rate)}"
    rows = {
        p.organisation_id: (amounts[p.organisation.key], source)
        for p in people
        if p.organisation.key in amounts
    }
    for authority in (p for p in people if p.organisation_id not in rows):
        inhabitants = sum(p.population or 0 for p in people if p.county_id == authority.county_id)
        rows[authority.organisation_id] = (
            current.old_model({"": inhabitants}, Decimal(0), county_rate)[""],
            "Eksempel. 5,50 kroner per innbygger i fylkets kommuner",
        )
    surroundings.save_current(actor, plan, plan.revision, plan.first_year - 1, rows)
    plan.refresh_from_db()


def _mosseregionen() -> Agreement:
    """The case of the Mosseregionen council: 2,50 and 5,50, no index, Viken as the county authority."""
    template = _template()
    region = Region.objects.get(slug="mosseregionen")
    contract = region.contract_municipality.organisation
    user = _editor("redaktor@moss.example")
    actor = plan_editing.Actor(user, contract)
    date = dt.date(2021, 7, 1)
    viken = County.objects.get(number="30")
    members = list(region.members.all())
    plan = plan_editing.create_plan(
        actor,
        region,
        name="Mosseregionen 2022–2025",
        years=(2022, 2025),
        population_date=date,
        populations=register.population_on(members, date),
        counties={member.pk: viken for member in members},
        invoicing=template.invoicing,
    )
    _status(plan, {})
    alternatives.add_alternative(
        actor,
        plan,
        "Minimumssats",
        municipal_rate=Decimal("2.50"),
        county_rate=Decimal("5.50"),
    )
    agreement = creation.create_agreement(
        editing.Actor(user, contract),
        region=region,
        template=template,
        plan=plan,
        title="Samarbeidsavtale om etablerertjenesten i Mosseregionen 2022–2025",
        term_start=dt.date(2022, 1, 1),
        term_end=dt.date(2025, 12, 31),
        partners=_partners("nav-ost-viken"),
    )
    _sign(agreement)
    _additional_services(editing.Actor(user, contract), agreement, template)
    _attach(editing.Actor(user, contract), agreement)
    return agreement


# eksempel: no document says which written standard these municipalities have chosen.
WRITING_NYNORSK = ("3324", "3326", "3328", "3330")


def _hallingdal() -> Agreement:
    """A region that writes nynorsk. The municipalities and figures are the seeds'; the rest is an example.

    No document gives Hallingdal an agreement, a contract municipality or a rate.
    """
    template = _template(NYNORSK)
    numbers = ("3320", "3322", "3324", "3326", "3328", "3330")
    Municipality.objects.filter(number__in=WRITING_NYNORSK).update(
        language=Municipality.LanguageForm.NYNORSK
    )
    members = list(Municipality.objects.filter(number__in=numbers))
    gol = next(member for member in members if member.number == "3324")
    region = Region.objects.create(
        slug="hallingdal",
        name="Hallingdal",
        contract_municipality=gol,
        county_rate=Decimal("5.50"),
        municipal_rate=Decimal("6.50"),
        note="Eksempel: kontraktskommunen og satsene er valgt for demonstrasjonen.",
        source="Kommunene: NIVI-rapport om interkommunalt samarbeid, desember 2021. Resten: eksempel",
    )
    region.members.set(members)
    user, contract = _editor("redaktor@gol.example"), gol.organisation
    actor = plan_editing.Actor(user, contract)
    date = dt.date(2021, 1, 1)
    plan = plan_editing.create_plan(
        actor,
        region,
        name="Hallingdal 2026–2029 (eksempel)",
        years=(2026, 2029),
        population_date=date,
        populations=register.population_on(members, date),
        invoicing=template.invoicing,
    )
    _status(plan, {})
    alternatives.add_alternative(
        actor,
        plan,
        "Alternativ 1 (eksempel)",
        municipal_rate=Decimal("6.50"),
        county_rate=Decimal("5.50"),
        index_percent=Decimal("3.5"),
        index_source="Eksempel",
    )
    agreement = creation.create_agreement(
        editing.Actor(user, contract),
        region=region,
        template=template,
        plan=plan,
        title=creation.suggested_title(template, region, plan.first_year, plan.last_year),
        term_start=dt.date(2026, 1, 1),
        term_end=dt.date(2029, 12, 31),
        partners=_partners("nav-vest-viken"),
        language=template.language,
    )
    _sign(agreement)
    actor = editing.Actor(user, contract)
    _additional_services(actor, agreement, template)
    _attach(actor, agreement, "Databehandlaravtale (eksempel)")
    return agreement


def _partners(nav: str) -> QuerySet[Organisation]:
    return Organisation.objects.filter(key__in=[nav, "innovasjon-norge"]).order_by("-key")


def _additional_services(
    actor: editing.Actor, agreement: Agreement, template: AgreementTemplate
) -> None:
    """Add the additional services that are an example for this region."""
    chosen = model_agreements.load(template.slug).demo.get(agreement.region.name, ())
    suggested = {item.key: item for item in template.services.all()}
    for key in chosen:
        item = suggested[key]
        checklist.add_service(actor, agreement, item.level, item.text, key)


def _attach(
    actor: editing.Actor, agreement: Agreement, title: str = "Databehandleravtale (eksempel)"
) -> None:
    """Attach a data-processing agreement. No document has one: the file says that it is an example."""
    attachments.add_attachment(
        actor,
        agreement,
        {
            "title": title,
            "kind": AttachmentKind.DATA_PROCESSING.value,
            "access_code": "",
        },
        attachments.Upload(
            "databehandleravtale-eksempel.pdf",
            one_line_pdf("Eksempel: her ligger databehandleravtalen."),
        ),
    )


def one_line_pdf(line: str) -> bytes:
    """A whole PDF of one page with one line of ASCII."""
    drawn = f"BT /F1 14 Tf 72 760 Td ({line}) Tj ET".encode("ascii")
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(b"%010d 00000 n \n" % len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    return made + table + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def _template(slug: str = TEMPLATE) -> AgreementTemplate:
    return AgreementTemplate.objects.filter(slug=slug).latest("version")


def _sign(agreement: Agreement) -> None:
    """Give every party a made-up signatory, so that the signature page can be looked at."""
    nynorsk = agreement.language == Language.NYNORSK
    mandate = (
        "Fullmakt etter delegasjonsreglementet til verksemda (eksempel)"
        if nynorsk
        else "Fullmakt etter virksomhetens delegasjonsreglement (eksempel)"
    )
    for party in agreement.parties.select_related("organisation"):
        party.signatory_name = f"Eksempel {party.organisation.short_name}"[:120]
        party.signatory_title = party.signatory_title or "direktør"
        party.mandate = party.mandate or mandate
        party.save()
