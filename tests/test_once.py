"""Parts of pages that are rendered once: the same for the same, another for anything else."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import connection
from django.test import Client

from agreements import remembered
from agreements.drafts import Writer
from agreements.models import Agreement
from agreements.views.director import OwnAmounts, Paying
from agreements.views.finding_parts import Marks
from agreements.views.text_parts import Doing, Text
from financing.comparison import Difference
from municipalities.once import part

WHOLE, CONTENTS = "agreements/_whole_text.html", "agreements/_contents_list.html"


def _shown(agreement: Agreement) -> Text:
    return Text(
        slug=agreement.slug,
        draft=remembered.draft(agreement),
        able=Doing(edit=True, comment=True, suggest=True),
        marks=(("formaal", Marks(1, 0, 0, 0)),),
        open_inputs=(("formaal", 2),),
        begun=(),
        at_work=(),
        moved="",
        swapped=False,
    )


def test_the_same_is_rendered_once(ringerike: Agreement) -> None:
    first = part(WHOLE, _shown(ringerike))
    assert part(WHOLE, _shown(ringerike)) is first


def test_whatever_is_another_is_rendered_again(ringerike: Agreement) -> None:
    shown = _shown(ringerike)
    at = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
    others: dict[str, Any] = {
        "slug": "et-annet-sted",
        "able": Doing(edit=False, comment=False, suggest=False),
        "marks": (("varighet", Marks(0, 1, 0, 0)),),
        "open_inputs": (("formaal", 3),),
        "begun": (("formaal", at),),
        "at_work": (("formaal", (Writer("Ola Nordmann", at),)),),
        "moved": "formaal",
        "swapped": True,
    }
    assert {*others, "draft"} == {field.name for field in dataclasses.fields(Text)}
    before = (part(WHOLE, shown), part(CONTENTS, shown))
    for name, value in others.items():
        other = dataclasses.replace(shown, **{name: value})
        assert (part(WHOLE, other), part(CONTENTS, other)) != before, name
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agreements_clause SET text = 'Noe helt annet.' WHERE key = 'formaal'"
        )
    assert "Noe helt annet." in part(WHOLE, _shown(ringerike))


def test_what_is_typed_is_escaped_in_a_part(ringerike: Agreement) -> None:
    evil = Writer("<script>alert(1)</script>", dt.datetime(2026, 1, 2, tzinfo=dt.UTC))
    shown = dataclasses.replace(_shown(ringerike), at_work=(("formaal", (evil,)),))
    assert "<script>" not in part(WHOLE, shown)
    assert "&lt;script&gt;" in part(WHOLE, shown)


def test_one_does_not_see_what_another_may_do(ringerike: Agreement, as_: Any) -> None:
    address = f"/avtaler/{ringerike.slug}/tekst/"
    editor: Client = as_("editor")
    reader: Client = as_("director")
    assert "Rediger" in editor.get(address).content.decode()
    for _ in range(2):
        page = reader.get(address).content.decode()
        assert "Rediger" not in page
        assert "flytting_skjema" not in page
    assert "Rediger" in editor.get(address).content.decode()


PAYS = Paying(
    slug="avtale",
    number=1,
    name="Hole <kommune>",
    amounts=(
        OwnAmounts("Likt <b>", True, (2026,), (Decimal("10.00"),), Difference(Decimal(1), None)),
    ),
    today=Decimal("9.00"),
    today_year=2025,
)


def test_what_a_body_pays_is_rendered_again_for_whatever_is_another() -> None:
    own = PAYS.amounts[0]
    others: dict[str, Any] = {
        "slug": "en-annen",
        "number": 2,
        "amounts": (dataclasses.replace(own, amounts=(Decimal("10.50"),)),),
        "today": Decimal("9.50"),
        "today_year": 2024,
    }
    # The name is only said to a body that pays nothing.
    assert {*others, "name"} == {field.name for field in dataclasses.fields(Paying)}
    before = part("agreements/review/_pays.html", PAYS)
    assert "Likt &lt;b&gt;" in before
    for name, value in others.items():
        other = dataclasses.replace(PAYS, **{name: value})
        assert part("agreements/review/_pays.html", other) != before, name
    nothing = part("agreements/review/_pays.html", dataclasses.replace(PAYS, amounts=()))
    assert "Hole &lt;kommune&gt; betaler ikke etter denne avtalen." in nothing
