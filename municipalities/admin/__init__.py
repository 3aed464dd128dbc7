"""The administration pages: the register, people and roles. Everything saved here leaves an event.

Nothing that can be in an agreement is deleted: it gets a last day instead.
"""

from __future__ import annotations

from allauth.account import admin as allauth_account
from allauth.mfa import admin as allauth_mfa
from allauth.socialaccount import admin as allauth_social
from allauth.usersessions import admin as allauth_sessions
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from municipalities import access
from municipalities.admin import people, register

__all__ = ["allauth_account", "allauth_mfa", "allauth_sessions", "allauth_social"]
__all__ += ["people", "register"]

admin.site.site_header = "Samarbeidsavtaler"
admin.site.site_title = "Samarbeidsavtaler"
admin.site.index_title = "Administrasjon"
admin.site.enable_nav_sidebar = False  # its filter is in English
admin.site.unregister(Group)  # rights follow from roles, never from groups
# Who logs in how is each person's own: no secret is shown, and no provider is added here.
for label in ("account", "mfa", "socialaccount", "usersessions"):
    for model in apps.get_app_config(label).get_models():
        if admin.site.is_registered(model):
            admin.site.unregister(model)


def _may_use_site(request: HttpRequest) -> bool:
    return access.may_administer(request.user)


@login_not_required
def _login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """One page to log in at for everybody, with one set of messages and one limit on guesses."""
    if _may_use_site(request):
        return redirect("admin:index")
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next") or request.path)


def _password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """One page to choose a password on, which writes down that it was done."""
    return redirect("account_change_password")


admin.site.has_permission = _may_use_site
admin.site.password_change = _password
admin.site.login = _login
