"""Every page of the program in the states that look different, as something to visit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from django.urls import reverse

from tests.browser.staging import BARE, FINAL, IN_RESOLUTION, IN_REVIEW, READY, TAUGHT

SLUG = "ringeriksregionen-2026"
SHIPPED, OWN = "etablerertjenesten_nb", "buskerud-fylkets-mal"


@dataclass(frozen=True)
class Visit:
    """A page as one of the people sees it. `{first}` in `args` is a key of the `keys` fixture."""

    name: str
    args: tuple[str, ...] = ()
    who: str = "editor"
    status: int = 200
    query: str = ""

    def address(self, keys: dict[str, str]) -> str:
        """The path to open; a name that begins with a slash is one already."""
        if self.name.startswith("/"):
            return self.name
        return reverse(self.name, args=[arg.format(**keys) for arg in self.args]) + self.query

    def __str__(self) -> str:
        return "-".join(part for part in (self.name, *self.args, self.query, self.who) if part)


def _agreement(who: str, slug: str, *names: str) -> list[Visit]:
    return [Visit(name, (slug,), who) for name in names]


READ_PAGES = (
    *("agreement", "text", "parties", "services", "inputs", "economy"),
    *("findings", "history", "documents"),
)

PAGES = [
    Visit("desk"),
    Visit("desk", who="newcomer"),
    Visit("desk", who="reader"),
    Visit("agreements"),
    Visit("agreements", query="?q=finnes+ikke"),
    Visit("agreements", query="?region=0", status=422),
    Visit("agreements", who="newcomer"),
    Visit("new-agreement", who="starter"),
    Visit("new-agreement", who="director"),
    Visit("new-agreement-in", ("ringeriksregionen",)),
    Visit("upload-agreement", ("ringeriksregionen",)),
    Visit("read-agreement", ("ringeriksregionen", "{upload}")),
    *_agreement("editor", SLUG, *READ_PAGES),
    *_agreement("editor", BARE, *READ_PAGES),
    *_agreement("director", SLUG, "agreement", "text", "parties", "services", "economy"),
    *_agreement("outsider", "mosseregionen-2022", "agreement", "economy"),
    Visit("difference", (SLUG, "mal", "1")),
    Visit("difference", (SLUG, "avtale", BARE), "director"),
    Visit("difference", (SLUG, "mal", "9"), status=404),
    *_agreement("editor", SLUG, "review", "record"),
    Visit("record", (SLUG,), query="?kontroll=1"),
    Visit("review", (SLUG,), "administrator"),
    Visit("freeze", (SLUG,), "administrator"),
    Visit("freeze", (BARE,), "administrator"),
    Visit("freeze", (READY,), "administrator"),
    Visit("move-deadline", (IN_REVIEW,), "administrator"),
    Visit("notices"),
    Visit("notices", who="director"),
    Visit("notices", who="newcomer"),
    Visit("people", ("ringeriksregionen",), "administrator"),
    Visit("people", ("ringeriksregionen",), "editor", 403),
    Visit("end-access", ("ringeriksregionen", "{membership}"), "administrator"),
    Visit("invitation", ("{token}",), "nobody"),
    Visit("invitation", ("{token}",), "editor"),
    Visit("invitation", ("{account}",), "newcomer"),
    Visit("invitation", ("{account}",), "nobody"),
    Visit("invitation", ("finnes-ikke",), "nobody", 410),
    Visit("accept-invitation", who="nobody"),
    Visit("accessibility", who="nobody"),
    Visit("accessibility"),
    Visit("review", (IN_REVIEW,)),
    Visit("review", (IN_REVIEW,), "director"),
    Visit("review", (IN_REVIEW,), "administrator"),
    Visit("review", (IN_REVIEW,), "reader"),
    Visit("step", (IN_REVIEW, "withdraw"), "administrator"),
    Visit("step", (IN_REVIEW, "recommend"), "administrator"),
    Visit("decision", (IN_REVIEW, "3310"), "director"),
    Visit("decision", (IN_REVIEW, "3310"), "editor", 403),
    Visit("version", (IN_REVIEW, "1"), "director"),
    Visit("version", (IN_REVIEW, "2"), "reader"),
    Visit("version-difference", (IN_REVIEW, "1", "2"), "director"),
    Visit("difference", (IN_REVIEW, "versjon", "1")),
    Visit("review", (IN_RESOLUTION,), "administrator"),
    Visit("decision", (IN_RESOLUTION, "3310"), "director"),
    Visit("resolution", (IN_RESOLUTION, "3310"), "administrator"),
    Visit("resolution", (IN_RESOLUTION, "3316"), "administrator"),
    Visit("case-paper", (SLUG,)),
    Visit("case-paper", (BARE,)),
    Visit("case-paper", (SLUG,), "director", 403),
    Visit("case-paper", (IN_REVIEW,)),
    Visit("case-paper", (IN_REVIEW,), "director", query="?for=3310"),
    Visit("case-paper", (IN_RESOLUTION,), "reader"),
    Visit("edit-case-paper", (SLUG, "vedtak")),
    Visit("edit-case-paper", (SLUG, "saksnummer")),
    Visit("documents", (FINAL,)),
    Visit("documents", (FINAL,), "administrator"),
    Visit("version", (FINAL, "1"), "reader"),
    Visit("review", (FINAL,), "administrator"),
    Visit("signed-files", (FINAL,), "administrator"),
    Visit("signed-files", (SLUG,), "administrator"),
    Visit("signatories", (FINAL,), "administrator"),
    Visit("signatories", (BARE,), "administrator"),
    Visit("take-back-signature", (FINAL, "{vouched}"), "administrator"),
    Visit("archive", (FINAL,), "administrator"),
    Visit("archive", (SLUG,), "administrator"),
    Visit("documents", (IN_REVIEW,), "administrator"),
    Visit("public-version", (IN_REVIEW,), "administrator"),
    Visit("public-version", (IN_REVIEW,), "administrator", query="?unnta=clause:formaal"),
    Visit("public-version", (IN_REVIEW,)),
    Visit("public-version", (FINAL,), "administrator"),
    Visit("public-version", (SLUG,), "administrator"),
    Visit("public-version", (FINAL,), "director", 403),
    Visit("check", who="nobody"),
    Visit("check"),
    Visit("check-hash", ("{public_hash}",), "nobody"),
    Visit("check-hash", ("{final_hash}",), "nobody"),
    Visit("check-hash", ("0" * 64,), "nobody", 404),
    Visit("check-hash", ("feil",), "nobody", 404),
    Visit("desk", who="director"),
    Visit("desk", who="administrator"),
    *_agreement("editor", SLUG, "details", "language", "new-clause", "new-party", "plan"),
    *_agreement("editor", BARE, "new-clause", "new-party", "plan"),
    Visit("clause", (SLUG, "{clause}")),
    Visit("delete-clause", (SLUG, "{clause}")),
    Visit("party", (SLUG, "3305")),
    Visit("service", (SLUG, "{service}")),
    Visit("service-choices", (SLUG, "{service}")),
    Visit("services", (SLUG,), query="?rediger=temakurs"),
    Visit("alternative", (SLUG, "{first}")),
    Visit("what-if", (SLUG, "{first}")),
    Visit("what-if", (SLUG, "{first}"), "director"),
    *_agreement("editor", SLUG, "new-input", "input-trace"),
    *_agreement("director", SLUG, "new-input", "inputs", "input-trace"),
    Visit("inputs", (SLUG,), query="?status=alle"),
    Visit("inputs", (SLUG,), query="?status=nei", status=422),
    Visit("new-suggestion", (SLUG, "{clause}")),
    Visit("new-suggestion", (SLUG, "{clause}"), "director"),
    Visit("input", (SLUG, "{wish}")),
    Visit("input", (SLUG, "{wish}"), "director"),
    Visit("input", (SLUG, "{accepted}")),
    Visit("input", (SLUG, "{proposed}")),
    Visit("input", (SLUG, "{proposed}"), "director"),
    Visit("accept-input", (SLUG, "{proposed}")),
    Visit("clause-history", (SLUG, "nav-lokalt")),
    Visit("template-update", (SLUG,)),
    Visit("template-update", (TAUGHT,)),
    Visit("agreement", (TAUGHT,)),
    Visit("agreement", (TAUGHT,), "director"),
    Visit("difference", (TAUGHT, "mal", "1")),
    Visit("templates"),
    Visit("templates", who="county"),
    Visit("templates", who="newcomer", status=404),
    Visit("template", (SHIPPED, "1")),
    Visit("template", (OWN, "2"), "county"),
    Visit("template", (OWN, "3"), "county"),
    Visit("template-difference", (OWN, "2", "1")),
    Visit("template-services", (OWN, "2")),
    Visit("template-services", (OWN, "3"), "county"),
    Visit("copy-template", (SHIPPED, "1"), "county"),
    Visit("template-details", (OWN, "3"), "county"),
    Visit("publish-template", (OWN, "3"), "county"),
    Visit("new-template-clause", (OWN, "3"), "county"),
    Visit("template-clause", (OWN, "3", "tvister"), "county"),
    Visit("delete-template-clause", (OWN, "3", "tvister"), "county"),
    Visit("template-service", (OWN, "3", "temakurs"), "county"),
    *_agreement("editor", SLUG, "new-period", "to-decide"),
    *_agreement("editor", SLUG, "attachments", "new-attachment"),
    *_agreement("director", SLUG, "attachments"),
    *_agreement("editor", BARE, "attachments"),
    Visit("attachment", (SLUG, "{attachment}")),
    *_agreement("editor", SLUG, "current", "instalments"),
    *_agreement("director", SLUG, "current", "instalments"),
    *_agreement("editor", BARE, "current", "instalments"),
    Visit("economy", (SLUG,), query="?aar=alle&mot=0&vis=innbygger"),
    Visit("economy", (SLUG,), query="?aar=1999&mot=0&vis=kroner", status=422),
    Visit("plans"),
    Visit("plans", who="newcomer"),
    Visit("new-plan"),
    Visit("new-plan", who="director"),
    Visit("study-economy", ("{study}",)),
    Visit("study-economy", ("{study}",), "director"),
    Visit("study-plan", ("{study}",)),
    Visit("study-current", ("{study}",)),
    Visit("study-instalments", ("{study}",)),
    Visit("study-alternative", ("{study}", "{third}")),
    Visit("study-what-if", ("{study}", "{third}")),
    Visit("account_login", who="nobody"),
    Visit("account_reset_password", who="nobody"),
    Visit("account_reset_password_done", who="nobody"),
    Visit("account_reset_password_from_key_done", who="nobody"),
    Visit("/logg-inn/nytt-passord/1-brukt/", who="nobody", status=410),
    Visit("openid_connect_callback", ("entra",), "nobody", 403),
    Visit("account_reauthenticate"),
    Visit("log-in-again"),
    Visit("account"),
    Visit("account", who="newcomer"),
    Visit("account-name"),
    Visit("account_change_password"),
    Visit("change-role", ("ringeriksregionen", "{membership}"), "administrator"),
    Visit("reset-totp", ("ringeriksregionen", "{membership}"), "administrator"),
    Visit("register"),
    Visit("register", who="newcomer", status=404),
    Visit("register", query="?q=finnes+ikke"),
    Visit("register", query="?side=2"),
    Visit("register", who="operator"),
    Visit("statistics", who="operator"),
    Visit("statistics", who="editor", status=403),
    Visit("statistics-import", ("{preview}",), "operator"),
    Visit("statistics-import", ("{dropped}",), "operator"),
    Visit("verify-table"),
    Visit("verify-table", who="newcomer", status=404),
    Visit("municipality", ("3305",)),
    Visit("region", ("ringeriksregionen",)),
    Visit("/finnes-ikke/", status=404),
    Visit("/finnes-ikke/", who="nobody", status=404),
    Visit("details", (SLUG,), "director", 403),
    Visit("agreement", (SLUG,), "outsider", 404),
    Visit("/feil/400/", status=400),
    Visit("/feil/403_csrf/", status=403),
    Visit("/feil/409/", status=409),
    Visit("/feil/413/", status=413),
    Visit("/feil/500/", status=500),
    Visit("/feil/503/", status=503),
]
# What one is led through step by step: tests/browser/test_account.py.
WALKED = {
    "account_reset_password_from_key",
    "account_set_password",
    "mfa_activate_totp",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
}
# What a GET does not show as a page.
ONLY_SENT = {
    "accept-with",
    "end-other-sessions",
    "end-session",
    "openid_connect_login",
    "unlink-login",
    "decline-input",
    "reopen-input",
    "reply-input",
    "resolve-input",
    "restore-attachment",
    "restore-clause",
    "restore-wording",
    "withdraw-input",
    "take-back",
    "delegate",
    "read-notices",
    "request-freeze",
    "revoke-invitation",
    "send-invitation-again",
    "revoke-delegation",
    "delete-template-service",
    "move-template-clause",
    "move-template-service",
    "new-template-version",
    "put-off-template",
    "choose-alternative",
    "delete-alternative",
    "delete-attachment",
    "delete-party",
    "delete-service",
    "discard-draft",
    "discard-statistics",
    "fetch-statistics",
    "keep-draft",
    "logout",
    "acknowledge-finding",
    "mend-finding",
    "move-attachment",
    "move-clause",
    "place-clause",
    "preview-case-paper",
    "preview-clause",
    "reopen-finding",
    "move-service",
    "new-alternative",
    "new-participant",
    "preview-alternative",
    "study-delete-alternative",
    "study-new-alternative",
    "study-new-participant",
    "study-preview-alternative",
    "start-statistics",
    "use-statistics",
    "make-public-version",
    "new-public-version",
    "unmark-public",
}
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
OFFICE = {"pdf": PDF, "docx": WORD, "xlsx": EXCEL}
FILES = {
    f"{document}-{form}": media_type
    for document in (
        *("agreement", "contributions", "comparison", "study-comparison"),
        *("record", "case-paper", "version", "version-table"),
    )
    for form, media_type in OFFICE.items()
}
FILES |= {
    "contributions-csv": CSV,
    "contributions-json": "application/json",
    "study-contributions-xlsx": EXCEL,
    "study-contributions-csv": CSV,
    "study-contributions-json": "application/json",
    "record-csv": CSV,
    "resolution-extract": PDF,
    "stored-file": PDF,
    "archive-package": "application/zip",
    "attachment-file": PDF,
    "signatories-csv": CSV,
    "signatories-xlsx": EXCEL,
    "public-preview": PDF,
}
# Files that are there only further on in the process, as an administrator asks for them.
FURTHER_ON = {
    **dict.fromkeys(
        (
            f"version{what}-{form}"
            for what, form in product(("", "-table"), ("pdf", "docx", "xlsx"))
        ),
        (IN_REVIEW, "1"),
    ),
    "version-table-xlsx": (IN_RESOLUTION, "1"),  # one that is withdrawn has none
    "public-preview": (IN_REVIEW,),
    "resolution-extract": (IN_RESOLUTION, "{extract}"),
    "stored-file": (FINAL, "{final_file}"),
    "archive-package": (FINAL,),
    "signatories-csv": (FINAL,),
    "signatories-xlsx": (FINAL,),
}
# Seen by test_pages in a database of its own, as it is there only before the first person.
BEFORE_THE_FIRST_PERSON = {"first-run"}
