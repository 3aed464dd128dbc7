"""Who may open what of logging in and one's own account: more rows of the table in permission_table.py.

The cast is logged in without having shown a password: what matters asks for it again (302).
"""

from __future__ import annotations

from tests.conftest import CAST
from tests.permission_people import PEOPLE, REGION, SEND_PEOPLE
from tests.permission_rows import ANYBODY, Row, get

AWAY = dict.fromkeys(CAST, 302)
UNKNOWN = dict.fromkeys(CAST, 404)  # no provider is set up
REFUSED = dict.fromkeys(CAST, 422)

ROWS = [
    get("account_login", AWAY, nobody=200),
    Row("account_login", "POST", AWAY, nobody=422),
    Row("logout", "POST", AWAY),
    get("mfa_authenticate", AWAY),
    Row("mfa_authenticate", "POST", AWAY),
    get("account_reauthenticate", ANYBODY),
    Row("account_reauthenticate", "POST", REFUSED),
    # Nobody of the cast has an app for codes.
    get("mfa_reauthenticate", AWAY),
    Row("mfa_reauthenticate", "POST", AWAY),
    get("log-in-again", ANYBODY),
    get("account_reset_password", ANYBODY, nobody=200),
    Row("account_reset_password", "POST", REFUSED, nobody=422),
    get("account_reset_password_done", ANYBODY, nobody=200),
    get("account_reset_password_from_key", dict.fromkeys(CAST, 410), "1", "no-key", nobody=410),
    Row(
        "account_reset_password_from_key",
        "POST",
        dict.fromkeys(CAST, 410),
        ("1", "no-key"),
        nobody=410,
    ),
    get("account_reset_password_from_key_done", ANYBODY, nobody=200),
    Row("openid_connect_login", "POST", UNKNOWN, ("entra",), nobody=404),
    get("openid_connect_callback", UNKNOWN, "entra", nobody=404),
    get("account", ANYBODY),
    get("account-name", ANYBODY),
    Row(
        "account-name",
        "POST",
        AWAY,
        form=("/min-side/konto/navn/", "Lagre navnet"),
        data={"name": "Et annet navn"},
    ),
    get("account_change_password", ANYBODY),
    Row("account_change_password", "POST", REFUSED),
    get("account_set_password", AWAY),
    Row("account_set_password", "POST", AWAY),
    get("mfa_activate_totp", AWAY),
    Row("mfa_activate_totp", "POST", AWAY),
    get("mfa_deactivate_totp", UNKNOWN),
    Row("mfa_deactivate_totp", "POST", UNKNOWN),
    get("mfa_generate_recovery_codes", AWAY),
    Row("mfa_generate_recovery_codes", "POST", AWAY),
    Row("unlink-login", "POST", AWAY, ("1",)),
    Row("end-session", "POST", AWAY, ("1",)),
    Row("end-other-sessions", "POST", AWAY),
    Row("accept-with", "POST", dict.fromkeys(CAST, 410), ("entra",), nobody=410),
    get("change-role", PEOPLE, REGION, "membership"),
    Row(
        "change-role",
        "POST",
        SEND_PEOPLE,
        (REGION, "membership"),
        (f"/kommuner/regioner/{REGION}/personer/rolle/membership/endre/", "Endre rollen"),
        data={"role": "editor"},
    ),
    get("reset-totp", PEOPLE, REGION, "membership"),
    Row("reset-totp", "POST", SEND_PEOPLE, (REGION, "membership")),
]
