"""The people of a region, for its administrator; and the page an invitation's link leads to.

Opening the link changes nothing, as mail scanners open links: the button does. The form is sent to an
address without the token, so that a refused one does not leave the link in a log.
"""

from __future__ import annotations

from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from municipalities import access
from municipalities.accounts import entrance, sessions
from municipalities.accounts import people as managing
from municipalities.answers import CONFLICT, INVALID
from municipalities.invitations import service
from municipalities.invitations.forms import InviteForm, NewPersonForm, RoleForm, TokenOnlyForm
from municipalities.models import Invitation, Membership, Organisation, Region, User

GONE, TOO_MANY = 410, 429
_FLOOD = "Det er sendt svært mange invitasjoner den siste timen. Vent litt, og prøv igjen."
_NO_MAIL = "E-post er ikke satt opp i denne installasjonen, så ingen kan inviteres."


def _region(request: HttpRequest, slug: str) -> Region:
    """The region, for those who manage its people: others get 403, strangers to the register 404."""
    if not access.may_see_register(request.user):
        raise Http404
    row = get_object_or_404(Region.objects.select_related("contract_municipality"), slug=slug)
    if not access.may_manage_people(request.user, row):
        raise PermissionDenied
    return row


def can_mail() -> bool:
    """Whether a link can be sent, and would lead anywhere."""
    return bool(settings.SENDS_MAIL and settings.BASE_URL)


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has which role in the region's municipalities, who is invited, and a form to invite."""
    region = _region(request, slug)
    bodies = Organisation.objects.filter(pk__in=access.bodies(region))
    may_give = access.roles_to_give(request.user, region)
    form, status = InviteForm(bodies=bodies, roles=may_give), 200
    if request.method == "POST":
        form = InviteForm(request.POST, bodies=bodies, roles=may_give)
        if form.is_valid():
            status = _invite(request, region, form)
            if status == 302:
                return redirect("people", slug)
        else:
            status = INVALID
    roles = Membership.objects.filter(organisation__in=bodies).select_related(
        "organisation", "user"
    )
    roles = roles.order_by("organisation__sort_key", "organisation", "role", "user__sort_key")
    waiting = region.invitations.filter(used_at=None, revoked_at=None)
    context = {
        "region": region,
        "form": form,
        "roles": roles,
        "with_totp": managing.with_totp({row.user_id for row in roles}),
        "invitations": waiting.select_related("organisation"),
        "now": timezone.now(),
        "can_mail": can_mail(),
        "may_give": may_give,
    }
    return render(request, "municipalities/people.html", context, status=status)


def _invite(request: HttpRequest, region: Region, form: InviteForm) -> int:
    """Send an invitation; return 302, or the status of the page with what stood in the way."""
    data = form.cleaned_data
    if not can_mail():
        form.add_error(None, _NO_MAIL)
        return CONFLICT
    try:
        service.invite(request.user, region, data["organisation"], data["email"], data["role"])
    except service.AlreadyThereError:
        form.add_error("email", "Personen har rollen allerede, eller er invitert til den")
        return INVALID
    except service.TooManyError:
        form.add_error(None, _FLOOD)
        return TOO_MANY
    messages.success(request, f"Invitasjonen til {data['email']} blir sendt.")
    return 302


@require_POST
def send_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Mail a new link; the earlier one stops working."""
    region = _region(request, slug)
    row = get_object_or_404(Invitation, pk=pk, region=region)
    if row.role not in access.roles_to_give(request.user, region):
        raise PermissionDenied
    if not can_mail():
        messages.error(request, _NO_MAIL)
        return redirect("people", slug)
    try:
        service.send_again(request.user, row)
        messages.success(request, "En ny lenke blir sendt. Den forrige virker ikke lenger.")
    except service.TooManyError:
        messages.error(request, _FLOOD)
    except service.NotUsableError:
        messages.error(request, "Invitasjonen er brukt eller trukket tilbake.")
    return redirect("people", slug)


@require_POST
def revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Make an invitation's link worthless."""
    region = _region(request, slug)
    row = get_object_or_404(Invitation, pk=pk, region=region)
    try:
        service.revoke(request.user, row)
        messages.success(request, "Invitasjonen er trukket tilbake.")
    except service.NotUsableError:
        messages.error(request, "Invitasjonen er brukt. Avslutt rollen i listen i stedet.")
    return redirect("people", slug)


@require_http_methods(["GET", "POST"])
def end_access(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a role away once that is confirmed; what the person has done stays theirs."""
    region = _region(request, slug)
    if request.method == "GET":
        rows = Membership.objects.filter(organisation__in=access.bodies(region))
        row = get_object_or_404(rows.select_related("user", "organisation"), pk=pk)
        context = {
            "region": region,
            "membership": row,
            "can_give_back": row.role in access.roles_to_give(request.user, region),
        }
        return render(request, "municipalities/end_access.html", context)
    try:
        if service.end_access(request.user, region, pk):
            messages.success(request, "Rollen er avsluttet.")
        else:
            messages.info(request, "Rollen var avsluttet allerede.")
    except service.OwnRoleError:
        messages.error(request, "Du kan ikke avslutte din egen rolle. Be en annen administrator.")
    return redirect("people", slug)


def _membership(region: Region, pk: int) -> Membership:
    rows = Membership.objects.filter(organisation__in=access.bodies(region))
    return get_object_or_404(rows.select_related("user", "organisation"), pk=pk)


@require_http_methods(["GET", "POST"])
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give somebody another role in the same municipality."""
    region = _region(request, slug)
    row = _membership(region, pk)
    may_give = access.roles_to_give(request.user, region)
    form = RoleForm(
        request.POST if request.method == "POST" else None,
        initial={"role": row.role},
        roles=may_give,
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            role = form.cleaned_data["role"]
            if managing.change_role(request.user, region, pk, role):
                messages.success(request, f"{row.user.name} har fått en annen rolle.")
            else:
                messages.info(request, "Rollen er avsluttet av noen andre.")
            return redirect("people", slug)
        except service.OwnRoleError:
            messages.error(request, "Du kan ikke endre din egen rolle. Be en annen administrator.")
            return redirect("people", slug)
        except service.AlreadyThereError:
            form.add_error("role", "Personen har denne rollen i kommunen fra før")
    if form.is_bound:
        status = INVALID
    can_give_back = row.role in may_give
    context = {"region": region, "membership": row, "form": form, "can_give_back": can_give_back}
    return render(request, "municipalities/change_role.html", context, status=status)


@require_http_methods(["GET", "POST"])
def reset_totp(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take somebody's app away once that is confirmed, where they have lost it."""
    region = _region(request, slug)
    row = _membership(region, pk)
    if row.user_id == request.user.pk:
        messages.error(request, "Din egen slår du av på siden «Min konto».")
    elif not access.may_reset_totp(request.user, row.user, region):
        messages.error(request, "Dette kan bare en som drifter programmet gjøre.")
    elif request.method == "GET":
        context = {"region": region, "membership": row}
        return render(request, "municipalities/reset_totp.html", context)
    elif managing.reset_totp(request.user, row.user, region):
        messages.success(request, "Totrinnsbekreftelsen er nullstilt.")
    else:
        messages.info(request, "Personen bruker ikke totrinnsbekreftelse.")
    return redirect("people", slug)


@login_not_required
@never_cache
@require_safe
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the link is an invitation to, with a button. Changes nothing."""
    try:
        row = service.find(token)
    except service.NotUsableError:
        return _gone(request)
    return _page(request, row, None, token)


@login_not_required
@sensitive_post_parameters("token", "password", "password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Take the invitation, as the one logged in or as a new person. The address alone has nothing."""
    if request.method != "POST":
        return _gone(request, 200)
    token = TokenOnlyForm(request.POST).data.get("token", "")
    answer: HttpResponse = redirect("desk")
    try:
        row = service.find(token)
        if request.user.is_authenticated:
            service.accept(token, user=request.user)
        else:
            form = NewPersonForm(request.POST)
            user = _new_person(form, token)
            if user is None:
                service.count_try(row)
                return _page(request, row, form, token, INVALID)
            answer = sessions.log_in(request, user)
    except service.NotUsableError:
        return _gone(request)
    except service.HasAccountError:
        return _page(request, row, None, token, CONFLICT)
    messages.success(request, f"Du har fått rollen {row.get_role_display()}.")
    return answer


@login_not_required
@sensitive_post_parameters("token")
@never_cache
@require_POST
def accept_with(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the invitation as whoever a provider says; the role is given when they come back."""
    token = TokenOnlyForm(request.POST).data.get("token", "")
    try:
        row = service.find(token)
    except service.NotUsableError:
        return _gone(request)
    if request.user.is_authenticated or User.objects.filter(email=row.email).exists():
        return _page(request, row, None, token, CONFLICT)
    # The session is in the database, and has the hash alone: as the invitation itself.
    data = {"invitation": row.token_sha256}
    return entrance.go(request, provider_id, AuthProcess.LOGIN, data=data)


def _new_person(form: NewPersonForm, token: str) -> User | None:
    """Make the person the form describes; None where it is refused, with the errors in the form."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        return service.accept(token, name=data["name"], password=data["password"])
    except ValidationError as problem:
        known = {k: v for k, v in problem.message_dict.items() if k in form.fields}
        form.add_error(None, ValidationError(known or problem.messages))
        return None


def _page(
    request: HttpRequest,
    row: Invitation,
    form: NewPersonForm | None,
    token: str,
    status: int = 200,
) -> HttpResponse:
    """The page of a usable link, for a new person, for its owner, or for somebody else."""
    account = User.objects.filter(email=row.email).first()
    context = {
        "invitation": row,
        "token": token,
        "account": account,
        "is_owner": account is not None and account.pk == request.user.pk,
        "form": form or NewPersonForm(initial={"token": token}),
        "button": TokenOnlyForm(initial={"token": token}),
        "refused": status == INVALID,
        "providers": settings.OIDC_PROVIDERS,
    }
    return render(request, "municipalities/invitation.html", context, status=status)


def _gone(request: HttpRequest, status: int = GONE) -> HttpResponse:
    """A plain page for every link that does not work: it does not say why, nor whether it ever did."""
    return render(request, "municipalities/invitation_gone.html", status=status)
