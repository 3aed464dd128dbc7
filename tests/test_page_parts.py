"""What every page is built from: the parts, the frame around them and the error pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings
from django.utils.safestring import mark_safe

from municipalities.accounts.forms import LoginForm
from tests.markup import Page, show


def test_filters_write_nothing_for_a_missing_value() -> None:
    source = "{% load norwegian %}{{ a|money }}|{{ missing|money }}|{{ none|integer }}|{{ day|date_long }}"
    text = Template(source).render(
        Context({"a": Decimal("102442.50"), "none": None, "day": dt.date(2026, 1, 1)})
    )
    assert text == "102\u00a0442,50|||1. januar 2026"


def test_parts_escape_what_people_have_written() -> None:
    evil = "<script>x</script>"
    page = show(
        "{% page_header heading=evil lead=evil eyebrow=evil %}{% tag evil %}{% endpage_header %}"
        "{% breadcrumbs evil evil evil '' %}{% subnav items evil %}"
        "{% facts %}{% fact evil %}{{ evil }}{% endfact %}{% endfacts %}"
        "{% alert heading=evil %}{{ evil }}{% endalert %}"
        "{% empty_state heading=evil %}{{ evil }}{% endempty_state %}"
        "{% table_region caption=evil note=evil %}<tbody><tr><td>{{ evil }}</td></tr></tbody>"
        "{% endtable_region %}"
        "{% include 'components/findings.html' %}",
        evil=evil,
        items=[{"label": evil, "url": "/", "count": evil}],
        findings=[{"level": evil, "message": evil, "url": "/", "link_text": evil}],
    )
    assert page.all("script") == []
    assert page.one("h1").text == evil
    assert page.one("dd").text == evil


def test_a_description_without_a_value_says_so() -> None:
    page = show('{% facts %}{% fact "Fullmakt" %} {% endfact %}{% endfacts %}')
    assert page.one("dd").text == "Ikke fylt ut"


def test_findings_say_their_level_in_words() -> None:
    levels = ("error", "warning", "info")
    page = show(
        "{% include 'components/findings.html' %}",
        findings=[{"level": level, "message": "Noe"} for level in levels],
    )
    assert [node.text for node in page.all(class_="ds-tag")] == [
        "Må rettes",
        "Bør vurderes",
        "Til orientering",
    ]


def test_the_current_page_of_a_navigation_is_marked_once() -> None:
    request = RequestFactory().get("/a/tekst/")
    items = [{"label": "Oversikt", "url": "/a/"}, {"label": "Tekst", "url": "/a/tekst/"}]
    page = show('{% subnav items "Avtalen" %}', request=request, items=items)
    assert page.one(aria_current="page").text == "Tekst"
    assert page.one("nav")["aria-label"] == "Avtalen"


class Somebody:
    is_authenticated = True
    is_staff = False
    name = "Kari <Nordmann>"
    email = "kari@example.no"


def whole_page(template: str, **context: Any) -> Page:
    request = RequestFactory().get("/avtaler/noe/")
    request.user = Somebody()
    return Page(render_to_string(template, context, request=request))


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "413"])
def test_error_pages_are_whole_pages_with_and_without_a_person(name: str) -> None:
    for page in (whole_page(f"{name}.html"), Page(render_to_string(f"{name}.html"))):
        assert page.one("html")["lang"] == "nb"
        assert page.one("main")["id"] == "side_innhold"
        assert page.all("a")[0]["href"] == "#side_innhold"
        assert len(page.all("h1")) == 1
        assert all(node["href"] for node in page.all("a"))


def test_nothing_is_written_inline_that_the_content_security_policy_forbids() -> None:
    page = whole_page("404.html")
    assert all(node.get("src") for node in page.all("script"))
    assert page.all("style") == []
    assert not any(name.startswith("on") or name == "style" for n in page.nodes for name in n)


def test_logging_out_is_a_post_and_the_section_is_marked() -> None:
    page = whole_page("404.html")
    form = page.one("form")
    assert form["method"] == "post"
    assert page.one("a", aria_current="true").text == "Avtaler"
    assert page.one("button", popovertarget="side_bruker").text == Somebody.name


def test_the_500_page_needs_nothing_computed() -> None:
    with open("templates/500.html", encoding="utf-8") as file:
        source = file.read()
    assert "{%" not in source
    assert "{{" not in source
    assert Page(source.replace("<!doctype html>", "")).one("h1").text == "Noe gikk galt hos oss"


@override_settings(ACCESSIBILITY_STATEMENT_URL="", FEEDBACK_EMAIL="")
def test_footer_links_are_left_out_where_nothing_is_configured() -> None:
    assert [node["href"] for node in show("{% footer_links %}").all("a")] == ["/tilgjengelighet/"]


@override_settings(
    ACCESSIBILITY_STATEMENT_URL="https://example.no/erklaering", FEEDBACK_EMAIL="post@example.no"
)
def test_footer_links_go_where_the_operator_says() -> None:
    assert [node["href"] for node in show("{% footer_links %}").all("a")] == [
        "/tilgjengelighet/",
        "https://example.no/erklaering",
        "mailto:post@example.no",
    ]


def test_the_login_page_asks_in_norwegian() -> None:
    form = LoginForm({"login": "", "password": ""})
    hidden = mark_safe('<input type="hidden" name="next" value="/avtaler/">')
    page = whole_page("accounts/login.html", form=form, redirect_field=hidden)
    assert {a.text for a in page.all("a") if a["href"].startswith("#id")} == {
        "Fyll inn e-postadresse",
        "Fyll inn passord",
    }
    assert page.one("input", name_="next")["value"] == "/avtaler/"
    assert page.one("title").text.startswith("Feil – Logg inn")


def test_pages_of_a_list_keep_the_search() -> None:
    request = RequestFactory().get("/avtaler/", {"q": "hole", "side": "2"})
    page = show(
        "{% include 'components/pagination.html' %}",
        page=Paginator(range(30), 10).page(2),
        request=request,
    )
    assert [a["href"] for a in page.all("a")] == ["?q=hole&side=1", "?q=hole&side=3"]
