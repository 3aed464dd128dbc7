"""The last look at a finished file: whether it may be kept. What it finds is said in plain Norwegian."""

from __future__ import annotations

from collections import Counter

import page

STANDARDS = (
    (page.ValidationProfile.PDF_A_2A, "kravene til arkiv (PDF/A-2a)"),
    (page.ValidationProfile.PDF_UA_1, "kravene til universell utforming (PDF/UA-1)"),
)
# What a rule is about, by a word of its name. The first that fits is used.
SUBJECTS = (
    (("LANGUAGE", "-LANG-"), "språket"),
    (("FONT", "CMAP", "UNICODE", "GLYPH"), "skriftene eller tegnene"),
    (("TABLE",), "tabellene"),
    (("LIST",), "listene"),
    (("HEADING",), "overskriftene"),
    (("FIELD", "FORM", "WIDGET", "SIGNATURE"), "signaturfeltene"),
    (("ANNOTATION", "LINK"), "lenkene"),
    (("OUTLINE",), "bokmerkene"),
    (("METADATA", "XMP", "-ID-", "TITLE"), "opplysningene om filen"),
    (("RGB", "CMYK", "COLO", "ICC", "OUTPUT"), "fargene"),
    (("ENCRYPT",), "kryptering"),
    (("EMBEDDED", "FILESPEC"), "vedlegg"),
    (("STRUCT", "TAG", "MARK", "ARTIFACT", "FIGURE"), "strukturen som skjermlesere bruker"),
)
OTHER = "oppbygningen av filen"


def problems(pdf: bytes) -> list[str]:
    """Return why the file may not be kept; nothing for one that follows both standards.

    Takes any bytes. One sentence for each rule that is broken, with the rule's name for those who look
    further and the number of places.
    """
    found = []
    for profile, demands in STANDARDS:
        try:
            report = page.validate_pdf_bytes(pdf, profile=profile)
        except page.PageError:
            return ["Filen kan ikke leses som PDF."]
        rules = Counter(failure.rule_id for failure in report.failures)
        for rule, times in rules.items():
            places = "1 sted" if times == 1 else f"{times} steder"
            found.append(
                f"Filen oppfyller ikke {demands}: noe er galt med {subject(rule)} "
                f"(regel {rule}, {places})."
            )
        if not rules and not report.is_compliant:
            found.append(f"Filen oppfyller ikke {demands}.")
    return found


def subject(rule: str) -> str:
    """What a rule of the validator is about: «PDFUA1-TEXT-LANGUAGE-001» is about «språket»."""
    for words, about in SUBJECTS:
        if any(word in rule for word in words):
            return about
    return OTHER
