"""Logging in with OpenID Connect, against a real provider: who is known, linked, invited and refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from municipalities.accounts import linking
from municipalities.accounts.identity import Identity
from municipalities.invitations import service as invitations
from municipalities.models import Membership, RegisterEvent, User
from tests import jobs, pages, providers
from tests.conftest import CAST
from tests.providers import NEW, PEOPLE

As = Callable[[str], Client]


# --- who is let in -------------------------------------------------------------------------------


def test_an_unknown_person_is_told_so_and_nothing_is_kept(entra: str) -> None:
    providers.person(entra, "ukjent", email="ukjent@example.no", name="Una Ukjent")
    before = User.objects.count(), RegisterEvent.objects.count()
    client = Client()
    answer = providers.log_in(client, "ukjent")
    assert answer.status_code == 403
    assert "Vi kjenner ikke denne kontoen" in pages.text(answer)
    assert (User.objects.count(), RegisterEvent.objects.count()) == before
    assert not SocialAccount.objects.exists()
    assert providers.knows(client) == ""
    assert "ukjent@example.no" not in providers.written()


def test_an_address_alone_lets_nobody_in(entra: str) -> None:
    """Also where the provider swears that it is verified."""
    providers.person(entra, "falsk", email=CAST["editor"], email_verified=True)
    client = Client()
    assert providers.log_in(client, "falsk").status_code == 403
    assert providers.knows(client) == ""
    assert not SocialAccount.objects.exists()


def test_a_linked_person_logs_in_also_when_the_address_has_changed(entra: str, as_: As) -> None:
    providers.person(entra, "erik", email=CAST["editor"], name="Erik")
    client = as_("editor")
    assert providers.link(client, "erik")["Location"] == "/min-side/konto/"
    assert "Du kan nå logge inn med Kommunekonto" in pages.text(client.get("/min-side/konto/"))
    assert RegisterEvent.objects.get(action="login.linked").data["provider"] == "entra"
    providers.person(entra, "erik", email="nytt.navn@example.no", name="Erik Ny")
    # Somebody else has taken over the old address at the provider.
    providers.person(entra, "annen", email=CAST["editor"], email_verified=True)
    fresh, other = Client(), Client()
    assert providers.log_in(Client(), "erik", next="https://annet.example/")["Location"] == "/"
    assert providers.log_in(fresh, "erik", next="/avtaler/")["Location"] == "/avtaler/"
    assert providers.knows(fresh) == CAST["editor"]
    assert User.objects.filter(email=CAST["editor"]).exists(), "the person keeps the address here"
    assert providers.log_in(other, "annen").status_code == 403
    assert providers.knows(other) == ""
    row = SocialAccount.objects.get()
    assert row.extra_data == {
        "issuer": entra,
        "tenant": "",
        "subject": "erik",
        "name": "Erik Ny",
        "email": "nytt.navn@example.no",
    }


def test_the_same_subject_of_another_tenant_is_another_person(
    entra: str, as_: As, settings: Any
) -> None:
    one, two = "11111111-aaaa", "22222222-bbbb"
    settings.OIDC_PROVIDERS = (providers.provider(entra, tenants=(one, two)),)
    providers.person(entra, "felles", tid=one)
    assert providers.link(as_("editor"), "felles").status_code == 302
    assert SocialAccount.objects.get().extra_data["tenant"] == one
    providers.person(entra, "felles", tid=two)
    client = Client()
    assert "kjenner ikke" in pages.text(providers.log_in(client, "felles"))
    for tenant in ("33333333-cccc", "", 7):
        providers.person(entra, "felles", tid=tenant)
        assert "ikke bekreftet" in pages.text(providers.log_in(client, "felles"))
    providers.person(entra, "felles", tid=one.upper())
    assert providers.log_in(client, "felles").status_code == 302
    assert providers.knows(client) == CAST["editor"]


@pytest.mark.parametrize(
    "verified", [{}, {"email_verified": False}, {"email_verified": True}], ids=str
)
def test_the_same_address_at_another_tenant_is_another_person(
    entra: str, as_: As, settings: Any, verified: dict[str, bool]
) -> None:
    """Whatever is said of the address, or nothing: neither lets in nor keeps out."""
    one, two = "11111111-aaaa", "22222222-bbbb"
    settings.OIDC_PROVIDERS = (providers.provider(entra, tenants=(one, two)),)
    same = {"email": CAST["editor"], "name": "Rita Redaktør", **verified}
    providers.person(entra, "rita-en", tid=one, **same)
    providers.person(entra, "navnesoster", tid=two, preferred_username=CAST["editor"], **same)
    assert providers.link(as_("editor"), "rita-en").status_code == 302
    stranger, rita = Client(), Client()
    refused = providers.log_in(stranger, "navnesoster")
    assert (refused.status_code, providers.knows(stranger)) == (403, "")
    assert "kjenner ikke" in pages.text(refused)
    assert providers.log_in(rita, "rita-en").status_code == 302
    assert providers.knows(rita) == CAST["editor"]
    assert SocialAccount.objects.get().extra_data["tenant"] == one
    path = providers.invited(as_)
    assert providers.take(Client(), path, "navnesoster").status_code == 302
    made = SocialAccount.objects.get(extra_data__tenant=two).user
    assert made.email == NEW, "the invitation is to somebody new, whatever address they have there"


def test_somebody_who_is_shut_out_stays_out(entra: str, as_: As) -> None:
    providers.person(entra, "stengt")
    assert providers.link(as_("reader"), "stengt").status_code == 302
    User.objects.filter(email=CAST["reader"]).update(is_active=False)
    client = Client()
    answer = providers.log_in(client, "stengt")
    assert (answer.status_code, providers.knows(client)) == (403, "")
    assert "stengt" in pages.text(answer)


# --- by invitation -------------------------------------------------------------------------------


def test_an_invitation_binds_a_new_person_to_who_the_provider_says(entra: str, as_: As) -> None:
    """Without any word from the provider of whether an address is verified, or the invited one."""
    providers.person(entra, "nora", email="helt.annen@example.no", name="Nora Ny")
    path, client = providers.invited(as_), Client()
    answer = providers.take(client, path, "nora")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    made = User.objects.get(email=NEW)
    assert providers.knows(client) == NEW
    assert (made.name, made.has_usable_password()) == ("Nora Ny", False)
    assert [(m.organisation.key, m.role) for m in made.memberships.all()] == [("3310", "director")]
    assert "Du har fått rollen kommunedirektør" in pages.text(client.get("/"))
    actions = RegisterEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["login.linked", "invitation.used"]
    assert Client().get(path).status_code == 410, "the link works once"
    again = Client()
    assert providers.log_in(again, "nora").status_code == 302
    assert providers.knows(again) == NEW


def test_a_name_that_cannot_be_printed_is_no_name(entra: str, as_: As) -> None:
    providers.person(entra, "nora", name="Nora \U0001f600 Ny")
    assert providers.take(Client(), providers.invited(as_), "nora").status_code == 302
    assert User.objects.get(email=NEW).name == NEW


def test_an_address_of_the_demonstration_is_refused_on_a_server_this_way_too(
    entra: str, as_: As, settings: Any
) -> None:
    path = providers.invited(as_)
    settings.LOCAL = False
    client = Client()
    answer = providers.take(client, path, "nora")
    assert (answer.status_code, providers.knows(client)) == (403, "")
    assert "en adresse som ikke kan brukes her" in pages.text(answer)
    assert not User.objects.filter(email=NEW).exists()
    assert not SocialAccount.objects.exists()


def test_the_link_in_a_session_is_worth_nothing(entra: str, as_: As) -> None:
    path, client = providers.invited(as_), Client()
    sent = pages.form(client.get(path), "Ta imot med Kommunekonto")
    assert client.post("/invitasjon/med/entra/", sent).status_code == 302
    assert path.split("/")[2] not in providers.written()


def test_two_cannot_use_one_invitation(entra: str, as_: As) -> None:
    path, first, second = providers.invited(as_), Client(), Client()
    sent = pages.form(first.get(path), "Ta imot med Kommunekonto")
    ways = [c.post("/invitasjon/med/entra/", sent)["Location"] for c in (first, second)]
    assert first.get(providers.allowed(ways[0], "en")).status_code == 302
    assert second.get(providers.allowed(ways[1], "to")).status_code == 410
    assert (providers.knows(first), providers.knows(second)) == (NEW, "")
    assert SocialAccount.objects.count() == 1


def test_an_invitation_that_is_used_meanwhile_makes_nobody_more(entra: str, as_: As) -> None:
    """Taken with a password, while somebody with the same link was at the provider."""
    path, away, here = providers.invited(as_), Client(), Client()
    sent = pages.form(away.get(path), "Ta imot med Kommunekonto")
    way = away.post("/invitasjon/med/entra/", sent)["Location"]
    typed = {"name": "Nora Ny", "password": "granbar og morgendugg"}
    form = pages.form(here.get(path), "Lag brukeren")
    taken = pages.changed(form, **typed, password_again=typed["password"])
    assert here.post("/invitasjon/", taken).status_code == 302
    assert away.get(providers.allowed(way, "nora")).status_code == 410
    assert (providers.knows(here), providers.knows(away)) == (NEW, "")
    assert not SocialAccount.objects.exists()
    assert Membership.objects.filter(user__email=NEW).count() == 1
    # And the other way round: what a provider has used opens no form.
    assert Client().post("/invitasjon/", taken).status_code == 410


def test_an_invitation_takes_over_no_account(entra: str, as_: As) -> None:
    path, client = providers.invited(as_, CAST["reader"]), Client()
    assert "Ta imot med" not in pages.text(client.get(path))
    assert client.post("/invitasjon/med/entra/", {"token": path.split("/")[2]}).status_code == 409
    assert not SocialAccount.objects.exists()


def test_a_known_identity_does_not_take_somebody_elses_invitation(entra: str, as_: As) -> None:
    providers.person(entra, "lise")
    assert providers.link(as_("editor"), "lise").status_code == 302
    path, client = providers.invited(as_), Client()
    answer = providers.take(client, path, "lise")
    assert answer.status_code == 403
    assert not User.objects.filter(email=NEW).exists()
    assert Client().get(path).status_code == 200, "and the link is not used up"


def test_of_two_invitations_begun_at_once_the_second_is_taken_when_logged_in(
    entra: str, as_: As
) -> None:
    """The account was made while the second was at the provider: it is not taken over by a link."""
    path = providers.invited(as_)
    by = User.objects.get(email=CAST["administrator"])
    found = invitations.find(path.split("/")[2])
    second = invitations.invite(by, found.region, found.organisation, NEW, "reader")
    token = invitations.token_of(second.nonce)
    client, other = Client(), Client()
    way = other.post("/invitasjon/med/entra/", {"token": token})["Location"]
    assert providers.take(client, path, "nora").status_code == 302
    refused = other.get(providers.allowed(way, "nora"))
    assert (refused.status_code, providers.knows(other)) == (403, "")
    assert "har en bruker fra før" in pages.text(refused)
    opened = client.get(f"/invitasjon/{token}/")
    assert client.post("/invitasjon/", pages.form(opened, "Ta imot rollen")).status_code == 302
    roles = Membership.objects.filter(user__email=NEW).values_list("role", flat=True)
    assert set(roles) == {"director", "reader"}


# --- linking and unlinking -----------------------------------------------------------------------


def test_linking_asks_for_the_password_first(entra: str, as_: As) -> None:
    client = as_("editor")
    answer = client.post("/logg-inn/med/entra/", {"process": "connect"})
    assert answer["Location"].startswith("/logg-inn/bekreft/?next=")
    user = User.objects.get(email=CAST["editor"])
    user.set_password("granbar og morgendugg")
    user.save()
    client.force_login(user)
    where = client.post("/logg-inn/med/entra/", {"process": "connect"})["Location"]
    wrong = client.post(where, {"password": "feil"})
    assert set(pages.complaints(wrong)) == {"password"}
    onward = client.post(where, {"password": "granbar og morgendugg"})
    assert onward["Location"].startswith(entra), "and goes on with what was asked for"


def test_an_identity_belongs_to_one_person(entra: str, as_: As) -> None:
    providers.person(entra, "delt")
    assert providers.link(as_("editor"), "delt").status_code == 302
    other = as_("director")
    assert providers.link(other, "delt").status_code == 302
    assert "Noen andre logger inn med denne kontoen" in pages.text(other.get("/min-side/konto/"))
    assert SocialAccount.objects.get().user.email == CAST["editor"]


def test_of_two_who_link_one_identity_at_once_one_does(quiet: Any) -> None:
    """As when both had looked, and found that nobody had it."""
    first, second = (User.objects.get(email=CAST[who]) for who in ("editor", "director"))
    identity = Identity("entra", "https://login.example", "t", "s", "", "")
    linking.bind(first, identity)
    with pytest.raises(linking.TakenError):
        linking.bind(second, identity)
    assert SocialAccount.objects.get().user == first
    assert RegisterEvent.objects.filter(action="login.linked").count() == 1


def test_the_last_way_to_log_in_stays(entra: str, as_: As) -> None:
    providers.person(entra, "nora", name="Nora")
    client = Client()
    providers.take(client, providers.invited(as_), "nora")
    row = SocialAccount.objects.get()
    page = pages.text(client.get("/min-side/konto/"))
    assert "den eneste måten du kan logge inn på" in page
    address = f"/min-side/konto/innlogging/{row.pk}/fjern/"
    assert client.post(address).status_code == 302
    assert "Lag et passord først" in pages.text(client.get("/min-side/konto/"))
    assert SocialAccount.objects.exists()
    chosen = {"password1": "granbar og morgendugg", "password2": "granbar og morgendugg"}
    assert client.post("/min-side/konto/passord/nytt/", chosen).status_code == 302
    assert client.post(address).status_code == 302
    assert not SocialAccount.objects.exists()
    jobs.run()
    subjects = [sent.subject for sent in mail.outbox if sent.to == [NEW]]
    assert subjects[-2:] == [
        "Brukeren din har fått et passord",
        "En måte å logge inn på er fjernet",
    ]


def test_a_provider_that_is_no_longer_set_up_is_no_way_to_log_in(
    entra: str, as_: As, settings: Any
) -> None:
    """Neither one that is gone, nor one that is another tenant's by now."""
    tenants = "11111111-aaaa", "22222222-bbbb"
    old = providers.provider(entra, "gammel", client_id="avtaler-entra")
    settings.OIDC_PROVIDERS = (providers.provider(entra, tenants=tenants), old)
    providers.person(entra, "nora-to", name="Nora", tid=tenants[0])
    client = Client()
    providers.take(client, providers.invited(as_), "nora-to")
    assert providers.log_in(client, "nora-to", "gammel", process="connect").status_code == 302
    row, other = SocialAccount.objects.order_by("pk")
    assert other.provider == "gammel"
    both = pages.page(client.get("/min-side/konto/"))
    assert len([form for form in both.all("form") if "/fjern/" in form.get("action", "")]) == 2
    for left in (
        (providers.provider(entra, tenants=tenants),),
        (providers.provider(entra, tenants=tenants), providers.provider("https://x.no", "gammel")),
        (providers.provider(entra, tenants=tenants[1:]), old),
    ):
        settings.OIDC_PROVIDERS = left
        last = other if left[-1] is old else row
        page = client.get("/min-side/konto/")
        assert "Virker ikke nå" in pages.text(page)
        buttons = [form.get("action", "") for form in pages.page(page).all("form")]
        address = f"/min-side/konto/innlogging/{last.pk}/fjern/"
        assert address not in buttons
        assert client.post(address).status_code == 302
        assert SocialAccount.objects.filter(pk=last.pk).exists()
    settings.OIDC_PROVIDERS = (providers.provider(entra, tenants=tenants),)
    assert client.post(f"/min-side/konto/innlogging/{other.pk}/fjern/").status_code == 302
    assert not SocialAccount.objects.filter(pk=other.pk).exists(), "what works is left"


def test_nobody_removes_somebody_elses(entra: str, as_: As) -> None:
    providers.person(entra, "min")
    assert providers.link(as_("editor"), "min").status_code == 302
    other = as_("director")
    providers.confirmed(other)
    row = SocialAccount.objects.get()
    assert other.post(f"/min-side/konto/innlogging/{row.pk}/fjern/").status_code == 302
    assert SocialAccount.objects.exists()


def test_several_providers_stand_side_by_side(entra: str, as_: As, settings: Any) -> None:
    settings.OIDC_PROVIDERS = (
        providers.provider(entra),
        providers.provider(entra, "ansattporten", label="Ansattporten", client_id="avtaler-entra"),
    )
    providers.person(entra, "erik")
    page = pages.text(Client().get("/logg-inn/"))
    assert "Logg inn med Kommunekonto" in page
    assert "Logg inn med Ansattporten" in page
    assert providers.link(as_("editor"), "erik").status_code == 302
    assert "kjenner ikke" in pages.text(providers.log_in(Client(), "erik", "ansattporten"))
    client = Client()
    assert providers.log_in(client, "erik").status_code == 302


def test_roles_end_at_once_whoever_vouches(entra: str, as_: As) -> None:
    client = Client()
    providers.take(client, providers.invited(as_), "nora")
    row = Membership.objects.get(user__email=NEW)
    as_("administrator").post(f"{PEOPLE}rolle/{row.pk}/avslutt/")
    assert client.get("/").status_code == 302, "logged out"
    assert providers.log_in(client, "nora").status_code == 302
    assert "Du har ikke fått noen rolle ennå" in pages.text(client.get("/"))
