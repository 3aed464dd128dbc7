"""Addresses of logging in, the first run and the register."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path, register_converter

from municipalities import open_pages, views
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
    path("logg-inn/", views.login, name="login"),
    path("logg-ut/", LogoutView.as_view(), name="logout"),
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
    path("invitasjon/<slug:token>/", invitations.invitation, name="invitation"),
]
