"""Reading rendered markup in tests: the elements, and what they are inside of."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.template import RequestContext, Template
from django.test import RequestFactory

VOID = {"meta", "link", "input", "br", "img"}


class Node(dict[str, str]):
    """An element: its attributes, name, text inside it and the elements around it."""

    def __init__(self, name: str, attrs: dict[str, str], parents: tuple[Node, ...]) -> None:
        super().__init__(attrs)
        self.name, self.parents, self.words = name, parents, ""

    @property
    def text(self) -> str:
        return " ".join(self.words.split())


class Page(HTMLParser):
    """The elements of some markup, in order; fails where tags are not closed in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.nodes: list[Node] = []
        self._open: list[Node] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, tuple(self._open))
        self.nodes.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for node in self._open:
            node.words += data

    def all(self, element: str = "", **attrs: str) -> list[Node]:
        wanted = {key.strip("_").replace("_", "-"): value for key, value in attrs.items()}
        return [
            node
            for node in self.nodes
            if (not element or node.name == element)
            and all(value in node.get(key, "").split() for key, value in wanted.items())
        ]

    def one(self, element: str = "", **attrs: str) -> Node:
        found = self.all(element, **attrs)
        assert len(found) == 1, (element, attrs, found)
        return found[0]

    def place(self, node: Node) -> int:
        return next(number for number, other in enumerate(self.nodes) if other is node)


def show(source: str, **context: Any) -> Page:
    libraries = "{% load crispy_forms_tags designsystemet norwegian %}"
    request = context.pop("request", RequestFactory().get("/"))
    return Page(Template(libraries + source).render(RequestContext(request, context)))
