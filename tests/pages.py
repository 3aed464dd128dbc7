"""What a person has in front of them: a page's forms as a browser would send them, and its messages."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from tests.markup import Node, Page

Sent = dict[str, list[str]]


def page(answer: HttpResponse) -> Page:
    """Read an answer's elements."""
    return Page(answer.content.decode())


def text(answer: HttpResponse) -> str:
    """The words of the page, with single plain spaces, also inside amounts."""
    return page(answer).one("body").text


def form(answer: HttpResponse, button: str, action: str = "") -> Sent:
    """Return what a browser would send if the button of this form were pressed at once."""
    read = page(answer)
    for found in read.all("form", method="post"):
        inside = [node for node in read.nodes if any(parent is found for parent in node.parents)]
        words = [node.text for node in inside if node.name == "button"]
        if found.get("action", "").endswith(action) and any(w.startswith(button) for w in words):
            return _controls(inside)
    raise AssertionError(f"no form with a button {button!r} and an action {action!r}")


def _controls(nodes: list[Node]) -> Sent:
    sent: Sent = {}
    for node in nodes:
        name = node.get("name", "")
        if not name or "disabled" in node or name == "csrfmiddlewaretoken":
            continue
        for value in _values(node, nodes):
            sent.setdefault(name, []).append(value)
    return sent


def _values(node: Node, nodes: list[Node]) -> list[str]:
    if node.name == "input":
        if node.get("type") in ("checkbox", "radio"):
            return [node.get("value", "on")] if "checked" in node else []
        return [node.get("value", "")]
    if node.name == "textarea":
        # A browser drops the line break that stands first in a textarea.
        return [node.words.replace("\r\n", "\n").removeprefix("\n")]
    if node.name == "select":
        options = [n for n in nodes if n.name == "option" and any(p is node for p in n.parents)]
        chosen = [n["value"] for n in options if "selected" in n]
        return chosen or [n["value"] for n in options[:1]]
    return []


def changed(sent: Sent, **values: Any) -> Sent:
    """Return the form with other answers; a list for several, None for none. `-` is written `__`."""
    new = {name.replace("__", "-"): value for name, value in values.items()}
    unknown = new.keys() - sent.keys()
    merged = sent | {k: v if isinstance(v, list) else [v] for k, v in new.items() if v is not None}
    assert not {name for name in unknown if new[name] is None}, "there is no such field"
    return {name: value for name, value in merged.items() if new.get(name, "") is not None}


def complaints(answer: HttpResponse) -> dict[str, str]:
    """Return {field name: message} of a page that was sent back.

    Fails unless every message of the linked summary stands at its field too, the link leads to
    the field, and the field says that it is wrong. A message about no single field is under "".
    """
    read = page(answer)
    summary = read.one("ds-error-summary")
    by_id = {node["id"]: node for node in read.nodes if node.get("id")}
    found: dict[str, str] = {}
    for item in read.all("li"):
        if not any(parent is summary for parent in item.parents):
            continue
        links = [n for n in read.all("a") if any(parent is item for parent in n.parents)]
        if not links:
            found[""] = item.text
            continue
        field = by_id[links[0]["href"].removeprefix("#")]
        assert field.get("aria-invalid") == "true" or field.get("type") == "checkbox", field
        # A group of boxes is described by its fieldset.
        around = [field, *(parent for parent in field.parents if parent.name == "fieldset")]
        ids = " ".join(node.get("aria-describedby", "") for node in around).split()
        described = [by_id[name].text for name in ids]
        # In a table of fields the summary says the row first: «Hole: …».
        wanted = (item.text, item.text.partition(": ")[2] or item.text)
        assert any(words in said for words in wanted for said in described), (item.text, described)
        found[field["name"]] = item.text
    return found
