"""Mail to a person about their own account: stored with what it tells of, sent by a job."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.http import int_to_base36

from municipalities import outbox
from municipalities.accounts.models import AccountMail
from municipalities.models import User

TASK = "municipalities.send_account_mail"
RESET_TASK = "municipalities.find_password_reset"
Kind = AccountMail.Kind

# Kind of mail: its subject, and what it says.
_WORDS = {
    Kind.PASSWORD_CHANGED: (
        "Passordet ditt er byttet",
        "Passordet ditt i Samarbeidsavtaler er byttet.",
    ),
    Kind.PASSWORD_MADE: (
        "Brukeren din har fått et passord",
        "Brukeren din i Samarbeidsavtaler har fått et passord. Fra nå av kan du logge inn med det.",
    ),
    Kind.TOTP_ON: (
        "Totrinnsbekreftelse er slått på",
        "Fra nå av må du skrive en kode fra appen din når du logger inn i Samarbeidsavtaler.",
    ),
    Kind.TOTP_OFF: (
        "Totrinnsbekreftelse er slått av",
        "Du trenger ikke lenger en kode når du logger inn i Samarbeidsavtaler.",
    ),
    Kind.TOTP_RESET: (
        "Totrinnsbekreftelsen din er nullstilt",
        "{detail} har nullstilt totrinnsbekreftelsen din i Samarbeidsavtaler. Slå den på igjen på"
        " siden «Min konto».",
    ),
    Kind.NEW_CODES: (
        "Du har fått nye gjenopprettingskoder",
        "Det er laget nye gjenopprettingskoder for brukeren din i Samarbeidsavtaler. De gamle virker"
        " ikke lenger.",
    ),
    Kind.LINKED: (
        "En ny måte å logge inn på",
        "Du kan nå logge inn i Samarbeidsavtaler med {detail}.",
    ),
    Kind.UNLINKED: (
        "En måte å logge inn på er fjernet",
        "En innlogging med {detail} er fjernet fra brukeren din i Samarbeidsavtaler.",
    ),
}
_RESET = (
    "Nytt passord i Samarbeidsavtaler",
    "Noen, trolig du, har bedt om et nytt passord for brukeren din. Lenken virker én gang, og i tre"
    " døgn. Har du ikke bedt om det, kan du se bort fra e-posten: passordet er som før.",
)
_NO_PASSWORD = (
    "Du har ikke noe passord i Samarbeidsavtaler",
    "Noen, trolig du, har bedt om et nytt passord. Brukeren din har ikke noe passord: du logger inn"
    " med knappen du pleier å bruke på innloggingssiden.",
)
_NOT_ME = "Var det ikke du? Snakk med administratoren i kontraktskommunen med en gang."


@transaction.atomic
def tell(user: User, kind: str, detail: str = "") -> None:
    """Store a mail to the person and the job that sends it, where this installation sends mail."""
    if not settings.SENDS_MAIL:
        return
    row = AccountMail.objects.create(user=user, kind=kind, detail=detail[:120])
    outbox.enqueue(TASK, [row.pk])


def ask_for_reset(email: str) -> None:
    """Have a job look for the account: the page takes as long whether there is one or not."""
    from procrastinate.contrib.django import app

    app.configure_task(RESET_TASK).defer(email=email)


def find_reset(email: str) -> None:
    """Mail a link for a new password to whoever has this address, if anybody does."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is not None:
        tell(user, Kind.PASSWORD_RESET)


def send(pk: int) -> bool:
    """Send one of these mails, unless that is done."""
    return outbox.deliver(AccountMail.objects.select_related("user"), pk, _compose)


def _compose(row: AccountMail) -> outbox.Mail | None:
    user = row.user
    if not user.is_active:
        return None
    link, button, ending = outbox.address(reverse("account")), "Min konto", _NOT_ME
    if row.kind == Kind.PASSWORD_RESET:
        if not settings.BASE_URL:
            return None
        subject, text = _RESET if user.has_usable_password() else _NO_PASSWORD
        link, button, ending = outbox.address(reverse("account_login")), "Logg inn", ""
        if user.has_usable_password():
            link, button = outbox.address(reset_path(user)), "Lag et nytt passord"
    else:
        subject, text = _WORDS[Kind(row.kind)]
    text = text.format(detail=row.detail)
    context = {"text": text, "link": link, "button": button, "ending": ending}
    return outbox.Mail(user.email, subject, "mail/account", context)


def reset_path(user: User) -> str:
    """The address where the person chooses a new password; its token is made now, and stored nowhere."""
    token = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", args=[int_to_base36(user.pk), token])
