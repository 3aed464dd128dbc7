"""How numbers, dates and names are written and read."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities import norwegian

SPACE = "\u00a0"
WHOLE = st.integers(min_value=-(10**15), max_value=10**15)


@st.composite
def decimals(draw: st.DrawFn, places: int) -> Decimal:
    """A decimal with exactly `places` decimals, as stored."""
    return Decimal(draw(WHOLE)).scaleb(-places)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("102442.5", f"102{SPACE}442,50"),
        ("0", "0,00"),
        ("-0.00", "0,00"),
        ("999.99", "999,99"),
        ("1000", f"1{SPACE}000,00"),
        ("1E+6", f"1{SPACE}000{SPACE}000,00"),
        ("-1234567.8900", f"\u22121{SPACE}234{SPACE}567,89"),
        ("123456789012345678901234567890.12", None),
    ],
)
def test_money(amount: str, text: str | None) -> None:
    """Two decimals, a space that does not break, a real minus; no digit is lost."""
    written = norwegian.money(Decimal(amount))
    if text is None:
        assert written.replace(SPACE, "").replace(",", ".") == amount
    else:
        assert written == text


@pytest.mark.parametrize("amount", ["0.005", "102442.501", "NaN", "Infinity", "-Infinity"])
def test_money_is_never_rounded_here(amount: str) -> None:
    """An amount that is not whole øre has missed its rounding rule."""
    with pytest.raises(ValueError, match=r"rounded|not a number"):
        norwegian.money(Decimal(amount))


def test_other_numbers() -> None:
    """Rates keep two decimals or more, percentages as few as they need."""
    assert norwegian.integer(55757) == f"55{SPACE}757"
    assert norwegian.integer(-7) == "\u22127"
    assert norwegian.rate(Decimal("14.5")) == "14,50"
    assert norwegian.rate(Decimal("14.5000")) == "14,50"
    assert norwegian.rate(Decimal("5.125")) == "5,125"
    assert norwegian.percent(Decimal("4.10")) == "4,1"
    assert norwegian.percent(Decimal("4")) == "4"
    assert norwegian.percent(Decimal("1E+1")) == "10"


@given(decimals(2))
def test_money_round_trip(amount: Decimal) -> None:
    """What is written can be typed back."""
    assert norwegian.parse_decimal(norwegian.money(amount)) == amount


@given(decimals(6))
def test_rate_and_percent_round_trip(value: Decimal) -> None:
    """No digit is lost, whatever the number of decimals."""
    assert norwegian.parse_decimal(norwegian.rate(value)) == value
    assert norwegian.parse_decimal(norwegian.percent(value)) == value


@given(WHOLE)
def test_integer_round_trip(value: int) -> None:
    """Whole numbers too."""
    assert norwegian.parse_integer(norwegian.integer(value)) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("14,50", "14.50"),
        ("14.50", "14.50"),
        ("14,5", "14.5"),
        ("14.5", "14.5"),
        ("5,125", "5.125"),
        ("0,125", "0.125"),
        ("0.1255", "0.1255"),
        ("1.0410", "1.0410"),
        ("102 442,50", "102442.50"),
        ("102\u00a0442,5", "102442.5"),
        ("102\u202f442,5", "102442.5"),
        ("1 234\u00a0567", "1234567"),
        ("102 442.50", "102442.50"),
        ("124.890", "124890"),
        ("1.234.567,89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("102442,50", "102442.50"),
        ("0", "0"),
        ("007", "7"),
        ("Kr 124.890", "124890"),
        ("kr. 14,50", "14.50"),
        ("kr14,50", "14.50"),
        ("14,50 kr", "14.50"),
        ("14,50 KR.", "14.50"),
        ("489 000 kroner", "489000"),
        ("489 000,-", "489000"),
        ("489.000,–", "489000"),
        ("kr 489 000,-", "489000"),
        ("  14,50\t", "14.50"),
        ("-14,50", "-14.50"),
        ("\u221214,50", "-14.50"),
        ("kr -14,50", "-14.50"),
        ("\u2212 1 000", "-1000"),
        ("-0", "0"),
    ],
)
def test_parse_accepts(text: str, value: str) -> None:
    """Every way the figures are typed in practice."""
    assert norwegian.parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            "\u00a0",
            "kr",
            ",-",
            "-",
            "abc",
            "14,50 euro",
            "fjorten",
            "14x",
            "\x00",
            "1\x00",
        ),
        *("12,345,6", "1,234.50", "1,2,3", "14,", ",5", ".5", "5.", "14,50,-", "--5", "-kr -5"),
        *("12 34", "1 2345", "1234 567", "1.23.456", "1.2345,6", "1234.567.890", "102 442 50"),
        *("1e5", "NaN", "Infinity", "0x10", "1_000", "\u0661\u0662", "²", "½", "4,1 %"),
        "9" * 61,
    ],
)
def test_parse_refuses(text: str) -> None:
    """Everything else is refused in Norwegian, never guessed."""
    with pytest.raises(ValueError, match=r"^(Skriv|Tallet) "):
        norwegian.parse_decimal(text)


@pytest.mark.parametrize("text", ["0.125", "1234.567", "1 234.567", "-0.890", "kr 0.500"])
def test_parse_refuses_what_has_two_meanings(text: str) -> None:
    """A dot before three digits is thousands or nothing."""
    with pytest.raises(ValueError, match="flere måter"):
        norwegian.parse_decimal(text)


@given(st.text())
def test_parse_never_fails_otherwise(text: str) -> None:
    """Any text gives a finite number or a ValueError."""
    with contextlib.suppress(ValueError):
        assert norwegian.parse_decimal(text).is_finite()


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=0, max_value=999))
def test_dot_before_three_digits_is_thousands(left: int, right: int) -> None:
    """`124.890` is 124 890, never 124,89."""
    assert norwegian.parse_decimal(f"{left}.{right:03}") == left * 1000 + right


def test_parse_integer() -> None:
    """Whole numbers only."""
    assert norwegian.parse_integer("62 800") == 62800
    assert norwegian.parse_integer("62.800") == 62800
    assert norwegian.parse_integer("62 800,00") == 62800
    with pytest.raises(ValueError, match="helt tall"):
        norwegian.parse_integer("62,8")


def test_dates() -> None:
    """Written in full in both languages."""
    assert norwegian.date_long(dt.date(2026, 1, 1)) == "1. januar 2026"
    assert norwegian.date_long(dt.date(2028, 12, 31), "nn") == "31. desember 2028"
    with pytest.raises(ValueError, match="language"):
        norwegian.date_long(dt.date(2026, 1, 1), "en")


def test_join() -> None:
    """Commas, and «og» before the last."""
    assert norwegian.join([]) == ""
    assert norwegian.join(["Hole"]) == "Hole"
    assert norwegian.join(["Hole", "Modum"], "nn") == "Hole og Modum"
    assert norwegian.join(iter(["Hole", "Jevnaker", "Modum"])) == "Hole, Jevnaker og Modum"
    with pytest.raises(ValueError, match="language"):
        norwegian.join(["Hole"], "sv")


def test_sort_key_follows_the_norwegian_alphabet() -> None:
    """Æ, ø and å come last, «aa» is å, accents and case do not matter."""
    names = [
        *("Alta", "Ás", "Asker", "Bø", "Drammen", "Đivvun", "Évje", "Hole", "Nes", "Nes i Ådal"),
        *("Nesbyen", "Nore og Uvdal", "Nord-Odal", "Zürich", "Ærfugl", "Øvre Eiker", "Ål", "Aas"),
    ]
    expected = [
        *("Alta", "Ás", "Asker", "Bø", "Đivvun", "Drammen", "Évje", "Hole", "Nes", "Nes i Ådal"),
        *("Nesbyen", "Nord-Odal", "Nore og Uvdal", "Zürich", "Ærfugl", "Øvre Eiker", "Ål", "Aas"),
    ]
    assert sorted(names, key=norwegian.sort_key) == expected
    assert norwegian.sort_key("AASE") == norwegian.sort_key("åse")
    assert norwegian.sort_key("A\u030al") == norwegian.sort_key("Ål")
    assert norwegian.sort_key("Mäkelä") == norwegian.sort_key("Mækelæ")
    assert norwegian.sort_key("Nord-Aurdal") == norwegian.sort_key("nord aurdal")


@given(st.lists(st.sampled_from("abcxyzæøå"), max_size=6), st.lists(st.sampled_from("abcxyzæøå")))
def test_sort_key_orders_letter_by_letter(left: list[str], right: list[str]) -> None:
    """On plain letters the key is the alphabet itself («aa» aside)."""
    first, second = "".join(left), "".join(right)
    if "aa" in first + second:
        return
    alphabet = "abcxyzæøå"
    expected = [alphabet.index(c) for c in first] < [alphabet.index(c) for c in second]
    assert (norwegian.sort_key(first) < norwegian.sort_key(second)) == expected
