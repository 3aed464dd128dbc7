"""The fixed words of the documents in both written standards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agreements.domain.document import Language
from agreements.domain.marks import MarkKind


@dataclass(frozen=True, slots=True)
class Words:
    """What a document says besides its own text."""

    table: str
    draft: str
    version: str
    under_review: str
    withdrawn: str
    rejected: str
    page: str
    of: str
    period: str
    to: str
    region: str
    parties: str
    contents: str
    signatures: str
    place_and_date: str
    signature: str
    signature_of: str
    name: str
    title: str
    mandate: str
    content_hash: str
    unconfirmed: str
    without_template: str
    belongs_to: str
    comparison: str
    side_by_side: str
    difference: str
    all_per_inhabitant: str
    attachments: str
    restricted: str
    case_paper: str
    check: str
    check_code: str
    public_of: str
    public_draft_of: str
    public_notice: str
    withheld: str
    withheld_what: str
    legal_basis: str
    places: str
    withheld_in_table: str
    withheld_kinds: Mapping[MarkKind, str]


WORDS = {
    Language.BOKMAL: Words(
        table="Bidragstabell",
        draft="Utkast",
        version="Versjon",
        under_review="til behandling",
        withdrawn="trukket tilbake",
        rejected="forkastet",
        page="Side",
        of="av",
        period="Avtaleperiode",
        to="til",
        region="Region",
        parties="Parter",
        contents="Innhold",
        signatures="Underskrifter",
        place_and_date="Sted og dato",
        signature="Underskrift",
        signature_of="Underskrift for",
        name="Navn",
        title="Tittel",
        mandate="Fullmakt",
        content_hash="innhold",
        unconfirmed="Avtalemalen er ikke juridisk kvalitetssikret.",
        without_template="Teksten bygger ikke på en mal og er ikke juridisk kvalitetssikret.",
        belongs_to="Tabellen hører til",
        comparison="Sammenligning av alternativer",
        side_by_side="Side om side, kroner i året",
        difference="Forskjell",
        all_per_inhabitant="Alle bidrag, kroner per innbygger",
        attachments="Vedlegg",
        restricted="unntatt offentlighet",
        case_paper="Saksframlegg",
        check="Her kan alle kontrollere at filen er den som er registrert:",
        check_code="Kode som leder til kontroll av avtalen",
        public_of="Offentlig versjon av versjon",
        public_draft_of="Utkast til offentlig versjon av versjon",
        public_notice="Offentlig versjon. Deler er unntatt offentlighet.",
        withheld="Unntatt opplysninger",
        withheld_what="Hva",
        legal_basis="Hjemmel",
        places="Steder",
        withheld_in_table="Unntatt offentlighet i tabellen:",
        withheld_kinds={
            MarkKind.PHRASE: "Ord i teksten",
            MarkKind.CLAUSE: "Teksten i punkter",
            MarkKind.SIGNATORY: "Hvem som signerer",
            MarkKind.SERVICE: "Kjøp av tjenester",
            MarkKind.ROW: "Beløp, og det de er regnet ut av",
            MarkKind.ATTACHMENT: "Titler på vedlegg",
        },
    ),
    Language.NYNORSK: Words(
        table="Bidragstabell",
        draft="Utkast",
        version="Versjon",
        under_review="til handsaming",
        withdrawn="trekt tilbake",
        rejected="forkasta",
        page="Side",
        of="av",
        period="Avtaleperiode",
        to="til",
        region="Region",
        parties="Partar",
        contents="Innhald",
        signatures="Underskrifter",
        place_and_date="Stad og dato",
        signature="Underskrift",
        signature_of="Underskrift for",
        name="Namn",
        title="Tittel",
        mandate="Fullmakt",
        content_hash="innhald",
        unconfirmed="Avtalemalen er ikkje juridisk kvalitetssikra.",
        without_template="Teksten byggjer ikkje på ein mal og er ikkje juridisk kvalitetssikra.",
        belongs_to="Tabellen høyrer til",
        comparison="Samanlikning av alternativ",
        side_by_side="Side om side, kroner i året",
        difference="Skilnad",
        all_per_inhabitant="Alle bidrag, kroner per innbyggjar",
        attachments="Vedlegg",
        restricted="unnateke offentlegheit",
        case_paper="Saksframlegg",
        check="Her kan alle kontrollere at fila er den som er registrert:",
        check_code="Kode som leier til kontroll av avtala",
        public_of="Offentleg versjon av versjon",
        public_draft_of="Utkast til offentleg versjon av versjon",
        public_notice="Offentleg versjon. Delar er unnatekne offentlegheit.",
        withheld="Opplysningar som er unnatekne",
        withheld_what="Kva",
        legal_basis="Heimel",
        places="Stader",
        withheld_in_table="Unnateke offentlegheit i tabellen:",
        withheld_kinds={
            MarkKind.PHRASE: "Ord i teksten",
            MarkKind.CLAUSE: "Teksten i punkt",
            MarkKind.SIGNATORY: "Kven som signerer",
            MarkKind.SERVICE: "Kjøp av tenester",
            MarkKind.ROW: "Beløp, og det dei er rekna ut av",
            MarkKind.ATTACHMENT: "Titlar på vedlegg",
        },
    ),
}
