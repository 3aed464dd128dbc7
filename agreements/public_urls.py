"""Addresses of the public version."""

from django.urls import path

from agreements.views import public

PAGE = "avtaler/<slug:slug>/dokumenter/offentlig/"

urlpatterns = [
    path(PAGE, public.public_version, name="public-version"),
    path(f"{PAGE}utkast.pdf", public.preview, name="public-preview"),
    path(f"{PAGE}lag/", public.make, name="make-public-version"),
    path(f"{PAGE}ny/", public.begin, name="new-public-version"),
    path(f"{PAGE}fjern/<int:pk>/", public.unmark, name="unmark-public"),
]
