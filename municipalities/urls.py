"""Addresses of logging in, the first run and the register."""

from __future__ import annotations

from django.urls import path, re_path, register_converter

from municipalities import open_pages, views
from municipalities.accounts import entrance
from municipalities.accounts import views as account
from municipalities.invitations import views as invitations
from municipalities.statistics import views as statistics


class MunicipalityNumber:
    """Four digits, as they are written."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> str:
        """Keep the digits."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the digits."""
        return value


register_converter(MunicipalityNumber, "municipality_number")

urlpatterns = [
    # Names with account_, mfa_ and openid_connect_ are those that allauth leads to.
    path("logg-inn/", entrance.login, name="account_login"),
    path("logg-ut/", entrance.logout, name="logout"),
    path("logg-inn/kode/", entrance.code, name="mfa_authenticate"),
    path("logg-inn/bekreft/", account.confirm_by_password, name="account_reauthenticate"),
    path("logg-inn/bekreft/kode/", account.confirm_by_code, name="mfa_reauthenticate"),
    path("logg-inn/bekreft/igjen/", account.log_in_again, name="log-in-again"),
    path("logg-inn/glemt-passord/", entrance.forgotten, name="account_reset_password"),
    path(
        "logg-inn/glemt-passord/sendt/", entrance.forgotten_sent, name="account_reset_password_done"
    ),
    re_path(
        r"^logg-inn/nytt-passord/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        entrance.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "logg-inn/nytt-passord/ferdig/",
        entrance.new_password_done,
        name="account_reset_password_from_key_done",
    ),
    path("logg-inn/med/<slug:provider_id>/", entrance.with_provider, name="openid_connect_login"),
    path(
        "logg-inn/med/<slug:provider_id>/svar/",
        entrance.from_provider,
        name="openid_connect_callback",
    ),
    path("min-side/konto/", account.account, name="account"),
    path("min-side/konto/navn/", account.name, name="account-name"),
    path("min-side/konto/passord/", account.change_password, name="account_change_password"),
    path("min-side/konto/passord/nytt/", account.first_password, name="account_set_password"),
    path("min-side/konto/totrinn/", account.activate, name="mfa_activate_totp"),
    path("min-side/konto/totrinn/av/", account.deactivate, name="mfa_deactivate_totp"),
    path("min-side/konto/totrinn/koder/", account.new_codes, name="mfa_generate_recovery_codes"),
    path("min-side/konto/innlogging/<int:pk>/fjern/", account.unlink, name="unlink-login"),
    path("min-side/konto/steder/<int:pk>/logg-ut/", account.end_session, name="end-session"),
    path(
        "min-side/konto/steder/logg-ut-andre/",
        account.end_other_sessions,
        name="end-other-sessions",
    ),
    path("oppstart/", views.first_run, name="first-run"),
    path("tilgjengelighet/", open_pages.accessibility, name="accessibility"),
    path("kommuner/", views.register, name="register"),
    path("kommuner/hent-fra-ssb/", statistics.statistics, name="statistics"),
    path("kommuner/hent-fra-ssb/start/", statistics.start, name="start-statistics"),
    path("kommuner/hent-fra-ssb/<int:pk>/", statistics.one_import, name="statistics-import"),
    path("kommuner/hent-fra-ssb/<int:pk>/hent/", statistics.fetch, name="fetch-statistics"),
    path("kommuner/hent-fra-ssb/<int:pk>/ta-i-bruk/", statistics.use, name="use-statistics"),
    path("kommuner/hent-fra-ssb/<int:pk>/forkast/", statistics.discard, name="discard-statistics"),
    path("kommuner/<municipality_number:number>/", views.municipality, name="municipality"),
    path("kommuner/regioner/<slug:slug>/", views.region, name="region"),
    path("kommuner/regioner/<slug:slug>/personer/", invitations.people, name="people"),
    path(
        "kommuner/regioner/<slug:slug>/personer/rolle/<int:pk>/avslutt/",
        invitations.end_access,
        name="end-access",
    ),
    path(
        "kommuner/regioner/<slug:slug>/personer/rolle/<int:pk>/endre/",
        invitations.change_role,
        name="change-role",
    ),
    path(
        "kommuner/regioner/<slug:slug>/personer/rolle/<int:pk>/nullstill-totrinn/",
        invitations.reset_totp,
        name="reset-totp",
    ),
    path(
        "kommuner/regioner/<slug:slug>/personer/invitasjon/<int:pk>/send/",
        invitations.send_again,
        name="send-invitation-again",
    ),
    path(
        "kommuner/regioner/<slug:slug>/personer/invitasjon/<int:pk>/trekk/",
        invitations.revoke,
        name="revoke-invitation",
    ),
    path("invitasjon/", invitations.accept, name="accept-invitation"),
    path("invitasjon/med/<slug:provider_id>/", invitations.accept_with, name="accept-with"),
    path("invitasjon/<slug:token>/", invitations.invitation, name="invitation"),
]
