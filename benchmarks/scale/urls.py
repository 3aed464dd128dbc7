"""The program's addresses, and the empty page that all others are compared with."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from config.urls import *
from config.urls import urlpatterns as _urlpatterns


def empty(request: HttpRequest) -> HttpResponse:
    """The frame of every page, for somebody who is logged in, and nothing in it."""
    return render(request, "base.html")


urlpatterns = [*_urlpatterns, path("tom/", empty)]
