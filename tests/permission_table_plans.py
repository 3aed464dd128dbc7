"""Who may do what with plans that no agreement has. See permission_table.py."""

from __future__ import annotations

from tests.conftest import CAST
from tests.permission_rows import (
    ANYBODY,
    EDIT,
    EDITORS,
    READ,
    Row,
    get,
    post,
)

PLANS = [
    get("plans", ANYBODY),
    get("new-plan", ANYBODY),
    Row(
        "new-plan",
        "POST",
        dict.fromkeys(CAST, 403) | dict.fromkeys((*EDITORS, "outsider"), 302),
        form=("/okonomi/ny/", "Lag planen"),
    ),
    get("study-economy", READ, "study"),
    get("study-plan", EDIT, "study"),
    post("study-plan", "study", form=("/okonomi/study/plan/", "Lagre"), name="Ny plan"),
    post(
        "study-new-participant",
        "study",
        form=("/okonomi/study/plan/", "Legg til"),
        organisation="sigdal",
    ),
    *(get(f"study-comparison-{form}", READ, "study") for form in ("pdf", "docx", "xlsx")),
    get("study-contributions-xlsx", READ, "study"),
    get("study-contributions-csv", READ, "study"),
    get("study-contributions-json", READ, "study"),
    get("study-current", READ, "study"),
    post("study-current", "study", form=("/okonomi/study/dagens-bidrag/", "Lagre"), year="2024"),
    get("study-instalments", READ, "study"),
    post(
        "study-instalments",
        "study",
        form=("/okonomi/study/betalingsplan/", "Lagre"),
        **{"termin-0-day": "15"},
    ),
    post(
        "study-new-alternative",
        "study",
        form=("/okonomi/study/", "Lag alternativet"),
        name="Alternativ B",
    ),
    get("study-alternative", EDIT, "study", "third"),
    post(
        "study-alternative",
        "study",
        "third",
        form=("/okonomi/study/alternativ/third/", "Lagre"),
        name="B",
    ),
    Row(
        "study-preview-alternative",
        "POST",
        EDIT,
        ("study", "third"),
        ("/okonomi/study/alternativ/third/", "Lagre"),
    ),
    post(
        "study-delete-alternative",
        "study",
        "third",
        form=("/okonomi/study/alternativ/third/", "Slett"),
    ),
    get("study-what-if", READ, "study", "third"),
    Row(
        "study-what-if",
        "POST",
        READ,
        ("study", "third"),
        ("/okonomi/study/alternativ/third/hva-om/", "Regn ut"),
    ),
]
