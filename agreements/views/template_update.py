"""A new version of the template: what it means for the agreement, and taking it in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, snapshot, template_update, template_versions
from agreements.domain import document as doc
from agreements.domain import numbering, resolve, template_merge
from agreements.domain.template_merge import Choice, Kind, Proposal
from agreements.models import Agreement, AgreementTemplate
from agreements.template_forms import MergeForm
from agreements.views.common import actor, page
from agreements.views.difference_parts import LEVELS, Wordings
from municipalities.answers import CONFLICT, INVALID
from municipalities.revisions import ConflictError

PAGE = "agreements/template_update.html"
CLAUSE, SERVICE = "punkt", "tjeneste"
# What a proposal is called beside its heading: alone, and in conflict.
TAGS = {
    Kind.EDIT: ("endret i malen", "info"),
    Kind.ADD: ("nytt i malen", "success"),
    Kind.RESTORE: ("endret i malen, utelatt her", "neutral"),
    Kind.REMOVE: ("tatt ut av malen", "danger"),
    Kind.MOVE: ("flyttet i malen", "info"),
}


@dataclass(frozen=True)
class Item:
    """A proposal on the page: what it is, the difference it makes, and its fields."""

    prefix: str
    proposal: Proposal
    name: str
    tag: tuple[str, str]
    shown: list[dict[str, Any]]  # differences, each with a `label` where there are several
    sentence: str
    choice: BoundField
    written: list[BoundField]


class _Page:
    """What the page is made from: the sides, what is proposed, and what each is called."""

    def __init__(self, agreement: Agreement, new: AgreementTemplate) -> None:
        self.sides = template_update.sides(agreement, new)
        self.document = snapshot.build(agreement)
        self.after = self._merged()
        self.words = Wordings(self.document, self.after)
        found = {
            CLAUSE: self.sides.clause_proposals(),
            SERVICE: self.sides.service_proposals(),
        }
        self.numbers = numbering.numbers(self.after.clauses) | numbering.numbers(
            self.document.clauses
        )
        self.headings = resolve.headings(self.after) | resolve.headings(self.document)
        self.named = [
            (f"{kind}-{proposal.id}", self._name(kind, proposal), proposal)
            for kind, proposals in found.items()
            for proposal in proposals
        ]
        keys = {clause.key for side in self.sides.clauses[1:] for clause in doc.walk(side)}
        self.given: dict[str, Any] = {"named": self.named, "keys": keys}

    def _merged(self) -> doc.Document:
        """The agreement with everything that can be taken in, for numbers and facts of what is new."""
        base, theirs, ours = self.sides.clauses
        return replace(self.document, clauses=template_merge.merge(base, theirs, ours))

    def _name(self, kind: str, proposal: Proposal) -> str:
        clause = proposal.ours or proposal.theirs
        assert clause is not None
        if kind == SERVICE:
            return f"«{clause.heading}»"
        heading = self.headings.get(proposal.key, clause.heading)
        number = self.numbers.get(proposal.key, "")
        return f"punkt {number} {heading}" if number else f"«{heading}»"

    def items(self, form: MergeForm, kind: str) -> list[Item]:
        return [
            self._item(form, prefix, name, proposal)
            for prefix, name, proposal in self.named
            if prefix.startswith(kind)
        ]

    def _item(self, form: MergeForm, prefix: str, name: str, proposal: Proposal) -> Item:
        written = [f"{prefix}-{part}" for part in ("overskrift", "tekst")]
        tag = ("konflikt", "warning") if proposal.conflict else TAGS[proposal.kind]
        return Item(
            prefix=prefix,
            proposal=proposal,
            name=name,
            tag=tag,
            shown=self._shown(proposal),
            sentence=self._sentence(prefix, proposal),
            choice=form[f"{prefix}-valg"],
            written=[form[field] for field in written if field in form.fields],
        )

    def _shown(self, proposal: Proposal) -> list[dict[str, Any]]:
        base, ours, theirs = proposal.base, proposal.ours, proposal.theirs
        between = self.words.between
        match proposal.kind:
            case Kind.MOVE:
                return []
            case Kind.REMOVE if proposal.conflict:
                return [{"label": "Slik er det endret her", **between(base, ours)}]
            case Kind.REMOVE:
                return [between(ours, None)]
            case Kind.ADD:
                return [between(None, theirs)]
            case Kind.RESTORE:
                return [between(base, theirs)]
        if proposal.conflict:
            return [
                {"label": "Endringen i malen", **between(base, theirs)},
                {"label": "Endringen i avtalen", **between(base, ours)},
            ]
        return [between(ours, proposal.taken)]

    def _sentence(self, prefix: str, proposal: Proposal) -> str:
        match proposal.kind, proposal.conflict:
            case Kind.EDIT, True:
                return "Både malen og avtalen har endret de samme ordene."
            case Kind.EDIT, False if proposal.both:
                return "Både malen og avtalen er endret, men ikke samme sted. Begge er med her."
            case Kind.REMOVE, True:
                return "Malen har ikke dette lenger, men avtalen har endret det eller lagt til noe."
            case Kind.MOVE, _:
                also = " Avtalen har flyttet det et annet sted." if proposal.conflict else ""
                return f"Malen har det nå {self._place(prefix, proposal)}.{also}"
            case Kind.ADD, _:
                return f"Kommer {self._place(prefix, proposal)}."
        return ""

    def _place(self, prefix: str, proposal: Proposal) -> str:
        """Where the model has it: which list, or under which clause and after which."""
        if prefix.startswith(SERVICE):
            level = doc.ServiceLevel(proposal.parent.removeprefix("/"))
            return f"på listen «{LEVELS[level]}»"
        number = self.numbers.get(proposal.parent, "")
        under = f"under punkt {number} {self.headings[proposal.parent]}" if number else ""
        siblings = _siblings(self.sides.clauses[1], proposal.parent)
        before = siblings[: siblings.index(proposal.key)]
        known = next((key for key in reversed(before) if key in self.headings), None)
        if known is None:
            return f"først {under}".strip() if under else "først i avtalen"
        return f"etter «{self.headings[known]}»" + (f" {under}" if under else "")


def _siblings(clauses: tuple[doc.Clause, ...], parent: str) -> list[str]:
    if not parent:
        return [clause.key for clause in clauses]
    over = next(clause for clause in doc.walk(clauses) if clause.key == parent)
    return [clause.key for clause in over.children]


@require_http_methods(["GET", "POST"])
def template_update_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what to take in of the template's newest version, and carry it out."""
    agreement, able = access.fetch(request, slug, edit=True)
    new = template_versions.newer(agreement)
    if new is None:
        if request.method == "POST":
            return _done_already(request, slug)
        return page(request, PAGE, agreement, able, {}, tab="agreement")
    made = _Page(agreement, new)
    status, changed = 200, False
    if request.method == "GET":
        form = MergeForm(initial={"fingerprint": made.sides.fingerprint}, **made.given)
    elif request.POST.get("fingerprint") != made.sides.fingerprint:
        form, status, changed = MergeForm(_kept(request.POST, made), **made.given), CONFLICT, True
    else:
        form, status = MergeForm(request.POST, **made.given), INVALID
        if form.is_valid():
            try:
                template_update.carry_out(
                    actor(request, able),
                    agreement,
                    new,
                    made.sides.fingerprint,
                    form.decisions(CLAUSE),
                    form.decisions(SERVICE),
                )
            except template_update.ChangedMeanwhileError:
                # Read anew, it is not what the form was made from: the choices are shown again.
                return template_update_page(request, slug)
            messages.success(request, f"Avtalen bygger nå på versjon {new.version} av malen.")
            return redirect("agreement", slug)
    context = {
        "new": new,
        "form": form,
        "clauses": made.items(form, CLAUSE),
        "services": made.items(form, SERVICE),
        "conflicts": sum(proposal.conflict for _, _, proposal in made.named),
        "changed": changed,
    }
    return page(request, PAGE, agreement, able, context, tab="agreement", status=status)


def _kept(sent: QueryDict, made: _Page) -> QueryDict:
    """What was chosen, for what is proposed now: what had not been asked gets its default."""
    typed = sent.copy()
    typed["fingerprint"] = made.sides.fingerprint
    for prefix, _, proposal in made.named:
        if f"{prefix}-valg" not in typed and not proposal.conflict:
            typed[f"{prefix}-valg"] = proposal.default.value
    return typed


def _done_already(request: HttpRequest, slug: str) -> HttpResponse:
    """The same form again does nothing; words that somebody wrote in it are shown to be copied."""
    if Choice.WRITE.value in request.POST.dict().values():
        raise ConflictError("the agreement has the newest version already")
    messages.info(request, "Avtalen bygger allerede på den nyeste versjonen av malen.")
    return redirect("agreement", slug)


@require_POST
def put_off_template(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the new version be until there is a newer one. It can be taken in all the same."""
    agreement, able = access.fetch(request, slug, edit=True)
    new = template_versions.newer(agreement)
    if new is not None and template_update.put_off(actor(request, able), agreement, new.version):
        messages.success(request, f"Versjon {new.version} av malen er utsatt.")
    return redirect("agreement", slug)
