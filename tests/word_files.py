"""Word documents for tests, written as XML, so that they can hold whatever a real one may."""

from __future__ import annotations

import io
import zipfile
from html import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STYLES = (
    '<w:style w:type="paragraph" w:styleId="Overskrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Overskrift2"><w:name w:val="heading 2"/>'
    '<w:basedOn w:val="Overskrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Tittel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="INNH1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Egen"><w:name w:val="Min overskrift"/>'
    '<w:basedOn w:val="Overskrift2"/></w:style>'
    '<w:style w:type="character" w:styleId="Sterk"><w:name w:val="Strong"/>'
    "<w:rPr><w:b/></w:rPr></w:style>"
)
KARI = 'w:author="Kari Nordmann" w:date="2026-05-03T10:00:00Z"'
OLA = 'w:author="Ola Hansen" w:date="2026-06-01T10:00:00Z"'


def package(
    body: str, *, main_type: str = TYPE, extra: dict[str, str] | None = None, **parts: str
) -> bytes:
    """A Word file with this body; `parts` are the inner XML of styles, numbering, comments …"""
    roots = {
        "styles": "styles", "numbering": "numbering", "comments": "comments", "header": "hdr",
        "footer": "ftr", "footnotes": "footnotes", "endnotes": "endnotes",
    }  # fmt: skip
    parts = {"styles": STYLES} | parts
    files = {"word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"}
    relations = []
    for name, inner in parts.items():
        root = roots.get(name)
        files[f"word/{name}.xml"] = (
            f"<w:{root} {SPACES}>{inner}</w:{root}>"
            if root
            else f"<w15:commentsEx {SPACES}>{inner}</w15:commentsEx>"
        )
        relations.append((RELATION + name, f"{name}.xml"))
    files["[Content_Types].xml"] = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>'
    )
    files["_rels/.rels"] = _relations([(RELATION + "officeDocument", "word/document.xml")])
    files["word/_rels/document.xml.rels"] = _relations(relations)
    return zipped(files | (extra or {}))


def zipped(files: dict[str, str]) -> bytes:
    """These files as a ZIP archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file.getvalue()


def _relations(rows: list[tuple[str, str]]) -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    written = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(rows, 1)
    )
    return f'<Relationships xmlns="{space}">{written}</Relationships>'


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    made = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{made}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def para(content: str = "", style: str = "", properties: str = "", mark: str = "") -> str:
    """A paragraph; content that is no XML is text. `mark` goes into its mark's properties."""
    inner = content if content.startswith("<") else run(content) if content else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    marked = f"<w:rPr>{mark}</w:rPr>" if mark else ""
    return f"<w:p><w:pPr>{named}{properties}{marked}</w:pPr>{inner}</w:p>"


def numbered(text: str, num: int, level: int = 0, style: str = "") -> str:
    """A paragraph in a list."""
    properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
    return para(text, style, properties)


def h1(text: str) -> str:
    return para(text, "Overskrift1")


def h2(text: str) -> str:
    return para(text, "Overskrift2")


def ins(text: str, who: str = KARI) -> str:
    return f'<w:ins w:id="1" {who}>{run(text)}</w:ins>'


def deleted(text: str, who: str = KARI) -> str:
    made = f'<w:r><w:delText xml:space="preserve">{escape(text)}</w:delText></w:r>'
    return f'<w:del w:id="1" {who}>{made}</w:del>'


def table(*rows: list[str], properties: str = "") -> str:
    """A table of texts."""
    written = "".join(
        f"<w:tr>{properties}{''.join(f'<w:tc>{para(cell)}</w:tc>' for cell in row)}</w:tr>"
        for row in rows
    )
    return f"<w:tbl>{written}</w:tbl>"


def level(form: str, text: str, depth: int = 0, more: str = "") -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*abstracts: str) -> str:
    """Lists numbered from 1, each with these levels."""
    made = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{levels}</w:abstractNum>'
        for n, levels in enumerate(abstracts, 1)
    )
    return made + "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n in range(1, len(abstracts) + 1)
    )


BULLETS = level("bullet", "\uf0b7") + level("bullet", "o", 1)
DECIMALS = level("decimal", "%1.") + level("lowerLetter", "%2)", 1)
POINTS = level("decimal", "%1") + level("decimal", "%1.%2", 1) + level("decimal", "%1.%2.%3", 2)


def an_agreement() -> bytes:
    """A whole agreement with a service list, a note, a tracked change and a comment with an answer."""
    parties = "Avtalen er inngått mellom Buskerud fylkeskommune og Ringerike kommune."
    commented = (
        '<w:commentRangeStart w:id="0"/>'
        + run("Vi samarbeider")
        + '<w:commentRangeEnd w:id="0"/>'
        + ins(" tett")
        + run(".")
    )
    body = (
        para("Samarbeidsavtale om etablerertjenesten", "Tittel")
        + para("Sendt på høring.")
        + h1("Parter")
        + para(parties)
        + h1("Varighet")
        + para("Avtalen gjelder fra 1. januar 2027 til 31. desember 2029.")
        + h1("Ansvar")
        + h2("Formål")
        + para(commented)
        + h2("Tjenestens innhold")
        + para("Tjenesten skal minimum inneholde:")
        + numbered("Kurs", 1)
        + numbered("Veiledning", 1)
    )

    def comment(key: int, text: str, para_id: str, who: str) -> str:
        said = para(text).replace("<w:p>", f'<w:p w14:paraId="{para_id}">')
        return f'<w:comment w:id="{key}" {who}>{said}</w:comment>'

    return package(
        body,
        numbering=lists(BULLETS),
        comments=comment(0, "Hva betyr det?", "AA", KARI) + comment(1, "Alt.", "BB", OLA),
        commentsExtended='<w15:commentEx w15:paraId="AA"/><w15:commentEx w15:paraId="BB" '
        'w15:paraIdParent="AA"/>',
        footer=para("Side 1"),
    )
