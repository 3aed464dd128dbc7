"""Every form of the program, as something to fill in."""

from __future__ import annotations

from dataclasses import dataclass

from tests.browser.addresses import OWN, SHIPPED, SLUG, Visit
from tests.browser.staging import FINAL, IN_RESOLUTION, IN_REVIEW, READY, TAUGHT


@dataclass(frozen=True)
class Form:
    """A form that is typed into: the page it stands on, and its button."""

    visit: Visit
    button: str
    # Whether it may be sent empty: then it is saved.
    all_optional: bool = False
    # Whether it takes any text: then only an empty one is wrong.
    free_text: bool = False

    def __str__(self) -> str:
        return f"{self.visit}-{self.button}"


FORMS = [
    Form(Visit("account_login", who="nobody"), "Logg inn"),
    Form(Visit("account_reset_password", who="nobody"), "Send lenken"),
    Form(Visit("account_reauthenticate"), "Bekreft"),
    Form(Visit("account_change_password"), "Lagre passordet"),
    Form(Visit("new-agreement-in", ("ringeriksregionen",)), "Lag utkast"),
    Form(Visit("upload-agreement", ("ringeriksregionen",)), "Les avtalen"),
    Form(Visit("read-agreement", ("ringeriksregionen", "{upload}")), "Lag utkast"),
    Form(Visit("verify-table"), "Kontroller tabellen"),
    Form(Visit("details", (SLUG,)), "Lagre"),
    Form(Visit("new-clause", (SLUG,)), "Legg til"),
    Form(Visit("clause", (SLUG, "{clause}")), "Lagre"),
    Form(Visit("new-party", (SLUG,)), "Legg til"),
    Form(Visit("party", (SLUG, "3305")), "Lagre", all_optional=True),
    Form(Visit("services", (SLUG,)), "Legg til"),
    Form(Visit("new-period", (SLUG,)), "Lag ny periode"),
    Form(Visit("new-attachment", (SLUG,)), "Legg ved"),
    Form(Visit("attachment", (SLUG, "{attachment}")), "Lagre"),
    Form(Visit("new-input", (SLUG,)), "Send innspill", free_text=True),
    Form(Visit("input", (SLUG, "{wish}")), "Send svar", free_text=True),
    Form(Visit("accept-input", (SLUG, "{proposed}")), "Ta inn i avtalen"),
    Form(Visit("new-suggestion", (SLUG, "{clause}")), "Send forslag"),
    Form(Visit("service", (SLUG, "{service}")), "Lagre"),
    Form(Visit("service-choices", (SLUG, "{service}")), "Lagre", all_optional=True),
    Form(Visit("plan", (SLUG,)), "Lagre og regn på nytt"),
    Form(Visit("alternative", (SLUG, "{first}")), "Lagre"),
    Form(Visit("economy", (SLUG,)), "Lag alternativet"),
    Form(Visit("what-if", (SLUG, "{first}")), "Regn ut"),
    Form(Visit("what-if", (SLUG, "{first}")), "Finn"),
    Form(Visit("what-if", (SLUG, "{first}")), "Lagre"),
    Form(Visit("current", (SLUG,)), "Lagre"),
    Form(Visit("current", (SLUG,)), "Fyll inn beløpene"),
    Form(Visit("instalments", (SLUG,)), "Lagre terminene"),
    Form(Visit("new-plan"), "Lag planen"),
    Form(Visit("freeze", (READY,), "administrator"), "Lås og send til behandling"),
    Form(
        Visit("step", (IN_REVIEW, "withdraw"), "administrator"),
        "Trekk versjonen tilbake",
        free_text=True,
    ),
    Form(Visit("move-deadline", (IN_REVIEW,), "administrator"), "Flytt fristen"),
    Form(Visit("people", ("ringeriksregionen",), "administrator"), "Send invitasjonen"),
    Form(Visit("invitation", ("{token}",), "nobody"), "Lag brukeren og logg inn"),
    Form(Visit("decision", (IN_REVIEW, "3310"), "director"), "Send svaret"),
    Form(Visit("resolution", (IN_RESOLUTION, "3310"), "administrator"), "Lagre vedtaket"),
    Form(Visit("edit-case-paper", (SLUG, "vurdering")), "Lagre", all_optional=True),
    Form(Visit("signed-files", (FINAL,), "administrator"), "Lagre filen"),
    Form(Visit("signatories", (FINAL,), "administrator"), "Lagre", all_optional=True),
    Form(Visit("take-back-signature", (FINAL, "{vouched}"), "administrator"), "Ta tilbake"),
    Form(Visit("archive", (FINAL,), "administrator"), "Lagre", all_optional=True),
    Form(Visit("public-version", (IN_REVIEW,), "administrator"), "Unnta"),
    Form(Visit("account-name"), "Lagre navnet"),
    Form(Visit("check", who="nobody"), "Kontroller"),
    Form(Visit("check-hash", ("{final_hash}",), "nobody"), "Kontroller"),
    Form(Visit("copy-template", (SHIPPED, "1"), "county"), "Lag malen"),
    Form(Visit("template-details", (OWN, "3"), "county"), "Lagre"),
    Form(Visit("publish-template", (OWN, "3"), "county"), "Publiser versjon 3", free_text=True),
    Form(Visit("new-template-clause", (OWN, "3"), "county"), "Legg til"),
    Form(Visit("template-clause", (OWN, "3", "tvister"), "county"), "Lagre"),
    Form(Visit("template-services", (OWN, "3"), "county"), "Legg til"),
    Form(Visit("template-service", (OWN, "3", "temakurs"), "county"), "Lagre"),
    Form(Visit("template-update", (TAUGHT,)), "Utfør valgene"),
]


@dataclass(frozen=True)
class Edit:
    """Something two people can change at the same time: a field to type in, and the button."""

    visit: Visit
    field: str
    button: str
    again: str

    def __str__(self) -> str:
        return str(self.visit)


EDITS = [
    Edit(Visit("details", (SLUG,)), "Tittel", "Lagre", "Lagre"),
    Edit(Visit("clause", (SLUG, "{clause}")), "Overskrift", "Lagre", "Lagre min tekst likevel"),
    Edit(Visit("party", (SLUG, "3305")), "Tittel", "Lagre", "Lagre mitt likevel"),
    Edit(
        Visit("service", (SLUG, "{service}")), "Tjeneste eller krav", "Lagre", "Lagre mitt likevel"
    ),
    Edit(
        Visit("edit-case-paper", (SLUG, "saksnummer")), "Saksnummer", "Lagre", "Lagre mitt likevel"
    ),
    Edit(
        Visit("plan", (SLUG,)),
        "Navn på planen",
        "Lagre og regn på nytt",
        "Lagre og regn på nytt",
    ),
    Edit(Visit("alternative", (SLUG, "{first}")), "Navn på alternativet", "Lagre", "Lagre"),
]
