"""The laws agreements refer to, with the dates they are valid. Pure data.

A law that is replaced gets its last day and its successor here; texts are not changed. What is not on
the list is not judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Law:
    """A law. `names` are what texts call it, lower case, in bokmål and nynorsk.

    `year` is the year in its date, by which texts tell laws of one name apart. Both dates are days
    on which it is valid; `valid_from` is None while nobody has decided when it begins. Sections are
    numbered by chapter (§ 20-4) or through (§ 13). `until` is what applies afterwards.
    """

    names: tuple[str, ...]
    year: int
    number: str
    valid_from: date | None
    valid_to: date | None = None
    by_chapter: bool | None = None  # None where the program does not know
    until: str = ""


_LOCAL_GOVERNMENT = (
    *("kommuneloven", "kommunelova"),
    *("lov om kommuner og fylkeskommuner", "lov om kommunar og fylkeskommunar"),
)
_PROCUREMENT = (
    *("anskaffelsesloven", "anskaffelseslova", "anskaffingslova"),
    *("lov om offentlige anskaffelser", "lov om offentlege anskaffingar"),
)

LAWS = (
    Law(
        _LOCAL_GOVERNMENT,
        1992,
        "LOV-1992-09-25-107",
        date(1993, 1, 1),
        date(2019, 12, 31),
        by_chapter=None,
        until="kommuneloven av 22. juni 2018 nr. 83",
    ),
    Law(
        _LOCAL_GOVERNMENT,
        2018,
        "LOV-2018-06-22-83",
        date(2020, 1, 1),
        by_chapter=True,
    ),
    Law(
        ("forvaltningsloven", "forvaltningslova"),
        1967,
        "LOV-1967-02-10",
        date(1970, 1, 1),
        by_chapter=False,
    ),
    Law(("forvaltningsloven", "forvaltningslova"), 2025, "LOV-2025-06-20-81", None),
    Law(
        ("innovasjonsnorgeloven", "innovasjonsnorgelova", "lov om innovasjon norge"),
        2003,
        "LOV-2003-12-19-130",
        date(2004, 1, 1),
        by_chapter=False,
    ),
    Law(
        ("offentlighetsloven", "offentlegheitslova"),
        1970,
        "LOV-1970-06-19-69",
        date(1971, 7, 1),
        date(2008, 12, 31),
        by_chapter=False,
        until="offentleglova",
    ),
    Law(
        ("offentleglova", "offentliglova", "offentlighetslova"),
        2006,
        "LOV-2006-05-19-16",
        date(2009, 1, 1),
        by_chapter=False,
    ),
    Law(
        ("arkivloven", "arkivlova"),
        1992,
        "LOV-1992-12-04-126",
        date(1999, 1, 1),
        date(2025, 12, 31),
        until="arkivlova av 20. juni 2025 nr. 96",
    ),
    Law(("arkivloven", "arkivlova"), 2025, "LOV-2025-06-20-96", date(2026, 1, 1)),
    Law(
        ("personopplysningsloven", "personopplysningslova"),
        2000,
        "LOV-2000-04-14-31",
        date(2001, 1, 1),
        date(2018, 7, 19),
        until="personopplysningsloven av 15. juni 2018 nr. 38 og personvernforordningen",
    ),
    Law(
        ("personopplysningsloven", "personopplysningslova"),
        2018,
        "LOV-2018-06-15-38",
        date(2018, 7, 20),
    ),
    Law(
        ("mållova", "målloven"),
        1980,
        "LOV-1980-04-11-5",
        date(1981, 1, 1),
        date(2021, 12, 31),
        until="språklova",
    ),
    Law(("språklova", "språkloven"), 2021, "LOV-2021-05-21-42", date(2022, 1, 1)),
    Law(
        _PROCUREMENT,
        1999,
        "LOV-1999-07-16-69",
        date(2001, 7, 1),
        date(2016, 12, 31),
        until="anskaffelsesloven av 17. juni 2016 nr. 73",
    ),
    Law(
        _PROCUREMENT,
        2016,
        "LOV-2016-06-17-73",
        date(2017, 1, 1),
    ),
)
