"""Who may manage people, deadlines and messages: more rows of the table in permission_table.py."""

from __future__ import annotations

from tests.conftest import CAST
from tests.permission_rows import (
    ADMINISTER,
    ADMINISTER_SENT,
    ANYBODY,
    SLUG,
    STEP,
    Row,
    during,
    get,
    post,
)

# The contract municipality's administrator manages people; a region is no secret to the others.
PEOPLE = dict.fromkeys(CAST, 403) | {"administrator": 200}
SEND_PEOPLE = PEOPLE | {"administrator": 302}
REGION = "ringeriksregionen"

ROWS = [
    get("people", PEOPLE, REGION),
    Row(
        "people",
        "POST",
        SEND_PEOPLE,
        (REGION,),
        (f"/kommuner/regioner/{REGION}/personer/", "Send invitasjonen"),
        data={"email": "en.til@hole.example", "organisation": "hole", "role": "reader"},
    ),
    # Administrators are made by whoever runs the installation: see test_inviting_administrators.py.
    Row(
        "people",
        "POST",
        PEOPLE | {"administrator": 422},
        (REGION,),
        (f"/kommuner/regioner/{REGION}/personer/", "Send invitasjonen"),
        data={"email": "en.til@hole.example", "organisation": "hole", "role": "administrator"},
    ),
    get("end-access", PEOPLE, REGION, "membership"),
    Row("end-access", "POST", SEND_PEOPLE, (REGION, "membership")),
    Row("send-invitation-again", "POST", SEND_PEOPLE, (REGION, "invitation")),
    Row("revoke-invitation", "POST", SEND_PEOPLE, (REGION, "invitation")),
    # Whoever has the link may open it; what the button does is in test_invitations.py.
    get("invitation", ANYBODY, "token", nobody=200),
    get("accept-invitation", ANYBODY, nobody=200),
    Row("accept-invitation", "POST", dict.fromkeys(CAST, 410), nobody=410),
    get("accessibility", ANYBODY, nobody=200),
    get("notices", ANYBODY),
    Row(
        "notices",
        "POST",
        dict.fromkeys(CAST, 302),
        form=("/min-side/varsler/", "Lagre"),
        data={"input": "digest"},
    ),
    Row("read-notices", "POST", dict.fromkeys(CAST, 302)),
    post("request-freeze", SLUG),
    get("move-deadline", ADMINISTER, SLUG),
    *(
        during("review", row)
        for row in (
            get("move-deadline", ADMINISTER_SENT, SLUG),
            Row(
                "move-deadline",
                "POST",
                STEP,
                (SLUG,),
                ("behandling/frist/", "Flytt fristen"),
                data={"deadline": "soon"},
            ),
        )
    ),
]
