"""Who may do what while an agreement is reviewed and decided on. See permission_table.py."""

from __future__ import annotations

from tests.conftest import CAST
from tests.permission_rows import (
    ADMINISTER,
    ADMINISTER_SENT,
    ANYBODY,
    EDIT,
    HOLES,
    HOLES_OWN,
    NOBODY_SENT,
    NOT_PUBLIC,
    NOT_SENT,
    NOTHING_SENT,
    PAPER,
    PUBLIC,
    READ,
    SEND,
    SENT,
    SLUG,
    STEP,
    Row,
    during,
    get,
)

VERSION_FILES = tuple(
    f"version{what}-{form}" for what in ("", "-table") for form in ("pdf", "docx", "xlsx")
)
PAPER_PAGES = ("case-paper", "case-paper-pdf", "case-paper-docx", "case-paper-xlsx")

REVIEW = [
    get("review", READ, SLUG),
    get("freeze", ADMINISTER, SLUG),
    Row(
        "freeze",
        "POST",
        ADMINISTER | {"administrator": 302},
        (SLUG,),
        ("behandling/las/", "Lås"),
        data={"deadline": "soon"},
        state="ready",
    ),
    get("step", ADMINISTER, SLUG, "withdraw"),
    get("decision", NOTHING_SENT, SLUG, "3310"),
    get("version", NOTHING_SENT, SLUG, "1"),
    *(get(name, NOTHING_SENT, SLUG, "1") for name in VERSION_FILES),
    get("version-difference", NOTHING_SENT, SLUG, "1", "2"),
    *(
        during("review", row)
        for row in (
            get("agreement", SENT | {"reader": 302}, SLUG),
            get("text", NOT_SENT, SLUG),
            get("economy", NOT_SENT, SLUG),
            get("inputs", NOT_SENT, SLUG),
            get("clause", dict.fromkeys(CAST, 403) | {"outsider": 404}, SLUG, "formaal"),
            get("review", SENT, SLUG),
            get("version", SENT, SLUG, "1"),
            *(get(name, SENT, SLUG, "1") for name in VERSION_FILES),
            get("step", ADMINISTER_SENT, SLUG, "withdraw"),
            Row(
                "step",
                "POST",
                STEP,
                (SLUG, "withdraw"),
                ("behandling/steg/withdraw/", "Trekk"),
                data={"reason": "Feil sats."},
            ),
            get("decision", HOLES, SLUG, "3310"),
            Row(
                "decision",
                "POST",
                HOLES_OWN,
                (SLUG, "3310"),
                ("behandling/svar/3310/", "Send svaret"),
                data={"stance": "positive"},
            ),
            Row(
                "delegate",
                "POST",
                HOLES_OWN,
                (SLUG, "3310"),
                ("behandling/svar/3310/", "Deleger"),
                data={"given_to": "lars", "first_day": "soon", "last_day": "soon"}
                | {"reason": "Ferie"},
            ),
            get("resolution", ADMINISTER_SENT, SLUG, "3310"),
        )
    ),
    during(
        "answered",
        Row(
            "take-back",
            "POST",
            HOLES_OWN,
            (SLUG, "3310"),
            ("behandling/svar/3310/", "Trekk svaret"),
            data={"reason": "Nye tall."},
        ),
    ),
    during("delegated", Row("revoke-delegation", "POST", HOLES_OWN, (SLUG, "3310", "delegation"))),
    *(
        during("resolution", row)
        for row in (
            get("resolution", ADMINISTER_SENT, SLUG, "3310"),
            Row(
                "resolution",
                "POST",
                STEP,
                (SLUG, "3310"),
                ("behandling/vedtak/3310/", "Lagre vedtaket"),
                data={"case_number": "1/25", "decided_on": "2025-06-01", "outcome": "adopted"},
            ),
            get("resolution-extract", SENT, SLUG, "extract"),
        )
    ),
    *(get(name, PAPER, SLUG) for name in PAPER_PAGES),
    *(during("review", get(name, SENT, SLUG)) for name in PAPER_PAGES),
    get("edit-case-paper", EDIT, SLUG, "vurdering"),
    Row(
        "edit-case-paper",
        "POST",
        SEND,
        (SLUG, "vurdering"),
        ("saksframlegg/vurdering/rediger/", "Lagre"),
        data={"text": "Vi anbefaler avtalen."},
    ),
    during("review", get("edit-case-paper", EDIT | {"reader": 403}, SLUG, "vurdering")),
    during("resolution", get("edit-case-paper", NOBODY_SENT, SLUG, "vurdering")),
    Row("preview-case-paper", "POST", EDIT, (SLUG, "vurdering")),
    get("signed-files", ADMINISTER, SLUG),
    get("signatories", ADMINISTER, SLUG),
    Row(
        "signatories",
        "POST",
        ADMINISTER | {"administrator": 302},
        (SLUG,),
        ("dokumenter/signatarer/", "Lagre"),
        data={"epost-3305": "ola@ringerike.example"},
    ),
    get("signatories-csv", ADMINISTER | {"administrator": 404}, SLUG),
    get("archive", ADMINISTER, SLUG),
    get("archive-package", ADMINISTER | {"administrator": 404}, SLUG),
    # The team reads what is withheld; the administrator marks it and makes the public version.
    get("public-version", PUBLIC, SLUG),
    get("public-preview", dict.fromkeys(CAST, 404) | NOT_PUBLIC, SLUG),
    *(
        during("marked", row)
        for row in (
            get("public-version", PUBLIC | {"reader": 403}, SLUG),
            get("public-preview", PUBLIC | {"reader": 403}, SLUG),
            Row(
                "public-version",
                "POST",
                STEP,
                (SLUG,),
                ("dokumenter/offentlig/", "Unnta"),
                data={"phrase": "Hole", "basis": "negotiation"},
            ),
            Row(
                "unmark-public",
                "POST",
                STEP,
                (SLUG, "mark"),
                ("dokumenter/offentlig/", "Fjern"),
            ),
            Row(
                "make-public-version",
                "POST",
                STEP,
                (SLUG,),
                ("dokumenter/offentlig/", "Lag offentlig versjon"),
            ),
        )
    ),
    during(
        "public",
        Row(
            "new-public-version",
            "POST",
            STEP,
            (SLUG,),
            ("dokumenter/offentlig/", "Begynn på en ny"),
        ),
    ),
    during("public", get("stored-file", SENT, SLUG, "public-file")),
    get("check", ANYBODY, nobody=200),
    Row("check", "POST", dict.fromkeys(CAST, 422), form=("/sjekk/", "Kontroller"), nobody=422),
    get("check-hash", NOTHING_SENT, "0" * 64, nobody=404),
    during(
        "adopted",
        Row(
            "step",
            "POST",
            STEP,
            (SLUG, "prepare-signing"),
            ("behandling/steg/prepare-signing/", "Gjør klar"),
        ),
    ),
    *(
        during("final", row)
        for row in (
            get("stored-file", SENT, SLUG, "final-file"),
            get("version", SENT, SLUG, "1"),
            get("documents", NOT_SENT, SLUG),
            get("signed-files", ADMINISTER_SENT, SLUG),
            # A test client sends a file as a file: see test_signed_files.py.
            Row(
                "signed-files",
                "POST",
                ADMINISTER_SENT | {"administrator": 422},
                (SLUG,),
                ("dokumenter/signert/", "Lagre filen"),
            ),
            get("signatories", ADMINISTER_SENT, SLUG),
            get("signatories-csv", ADMINISTER_SENT, SLUG),
            get("signatories-xlsx", ADMINISTER_SENT, SLUG),
            get("archive", ADMINISTER_SENT, SLUG),
            Row(
                "archive",
                "POST",
                STEP,
                (SLUG,),
                ("dokumenter/arkiv/", "Lagre"),
                data={"case_number": "2025/1"},
            ),
            get("archive-package", ADMINISTER_SENT, SLUG),
        )
    ),
    *(
        during("vouched", row)
        for row in (
            get("take-back-signature", ADMINISTER_SENT, SLUG, "signed-file"),
            Row(
                "take-back-signature",
                "POST",
                STEP,
                (SLUG, "signed-file"),
                ("dokumenter/signert/signed-file/ta-tilbake/", "Ta tilbake"),
                data={"reason": "Feil part."},
            ),
        )
    ),
    during("two-versions", get("version-difference", SENT, SLUG, "1", "2")),
]
