"""The parts of a Word document that are the same, or nearly so, whatever the agreement says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from agreements.documents.word.body import ORDERED, TWIPS
from agreements.documents.word.content import DEEPEST
from agreements.importing.word.styles import ATTACHMENTS, FRONT, SIGNATURES, TEXT

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" mc:Ignorable="w14 w15"'
)
FONT = "Arial"  # on every machine, or another of the same widths
_INK, _QUIET, _WARNING = "16181D", "4A4F57", "8A3A00"
_BULLETS = ("•", "◦", "–")


# A heading that is not counted: of attachments and signatures.
_OUTLINED = '<w:keepNext/><w:spacing w:before="480" w:after="160"/><w:outlineLvl w:val="0"/>'


def styles(language: str, *, paper: bool = False) -> str:
    """The styles: as the PDF, in a font that everybody has.

    A `paper` has a title and not a front page, and headings that Word does not count.
    """
    lang = "nn-NO" if language == "nn" else "nb-NO"
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" '
        f'w:cs="{FONT}" w:eastAsia="{FONT}"/><w:color w:val="{_INK}"/><w:sz w:val="20"/>'
        f'<w:szCs w:val="20"/><w:lang w:val="{lang}" w:eastAsia="{lang}" w:bidi="ar-SA"/></w:rPr>'
        '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="283" '
        'w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    made = [
        _style("Normal", "Normal", default=True),
        _style("AvtaleTekst", TEXT),
        _style(
            "Title",
            "Title",
            _room(0, 200 if paper else 520) + _left(),
            _font(34 if paper else 46, bold=True),
            following="AvtaleTekst",
        ),
        *(_heading(level, numbered=not paper) for level in range(1, DEEPEST + 1)),
        _style("ListBullet", "List Bullet", _room(0, 60)),
        _style("ListNumber", "List Number", _room(0, 60)),
        *(_continued(level) for level in range(1, DEEPEST + 1)),
        _style("TOC1", "toc 1", _tab(10) + _room(20, 20) + _hanging(10, 10)),
        _style("AvtaleForside", FRONT, _room(0, 100)),
        _front(
            "Merke",
            "merke",
            _room(0 if paper else 1200, 140),
            _font(17, _WARNING, bold=True, caps=True),
        ),
        _front("Etikett", "etikett", "<w:keepNext/>" + _room(0, 20), _font(17, _QUIET)),
        _front("Overskrift", "overskrift", "<w:keepNext/>" + _room(240, 100), _font(22, bold=True)),
        _front("Slutt", "slutt", _room(0, 0, exact=True), _font(2)),
        _style("AvtaleTabell", "Avtale tabell", _room(50, 50, line=250), _font(17)),
        _style("AvtaleTabellLiten", "Avtale tabell liten", _room(40, 40, line=240), _font(14)),
        _style("AvtaleTabellnote", "Avtale tabellnote", _room(0, 50, line=264), _font(16, _QUIET)),
        _style("AvtaleMellomrom", "Avtale mellomrom", _room(0, 0), _font(8)),
        _style("AvtaleVedlegg", ATTACHMENTS, _room(0, 60)),
        _style(
            "AvtaleVedleggOverskrift", f"{ATTACHMENTS} overskrift", _OUTLINED, _font(26, bold=True)
        ),
        _style("AvtaleUnderskrift", SIGNATURES, "<w:keepNext/>" + _room(0, 60), _font(18, _QUIET)),
        _style(
            "AvtaleUnderskriftOverskrift",
            f"{SIGNATURES} overskrift",
            _OUTLINED,
            _font(26, bold=True),
        ),
        _style(
            "AvtaleUnderskriftNavn",
            f"{SIGNATURES} navn",
            "<w:keepNext/>" + _over() + _room(320, 40),
            _font(22, bold=True),
        ),
        _style(
            "AvtaleUnderskriftFelt",
            f"{SIGNATURES} felt",
            _room(60, 20, line=250),
            _font(18),
        ),
        _style("Header", "header", _room(0, 0), _font(15, _QUIET)),
        _style("Footer", "footer", _ends() + _room(0, 0), _font(15, _QUIET)),
        _style("CommentText", "annotation text", _room(0, 0), _font(20)),
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>',
        '<w:style w:type="character" w:styleId="CommentReference"><w:name '
        'w:val="annotation reference"/><w:rPr><w:sz w:val="16"/></w:rPr></w:style>',
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name '
        'w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>',
    ]
    return f"{HEAD}<w:styles {SPACES}>{defaults}{''.join(made)}</w:styles>"


def _style(
    key: str,
    name: str,
    para: str = "",
    run: str = "",
    *,
    default: bool = False,
    following: str = "",
) -> str:
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    after = f'<w:next w:val="{following}"/>' if following else ""
    first = ' w:default="1"' if default else ""
    return (
        f'<w:style w:type="paragraph"{first} w:styleId="{key}"><w:name w:val="{name}"/>{based}'
        f"{after}<w:qFormat/><w:pPr>{para}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _front(key: str, name: str, para: str, run: str) -> str:
    return _style(f"AvtaleForside{key}", f"{FRONT} {name}", para, run)


def _heading(level: int, *, numbered: bool) -> str:
    size, before, after = {1: (26, 300, 110), 2: (22, 220, 80)}.get(level, (20, 180, 70))
    number = f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="1"/></w:numPr>'
    para = (
        f"<w:keepNext/><w:keepLines/>{number if numbered else ''}"
        f"{_room(before, after, line=264)}{_left()}"
        f'<w:outlineLvl w:val="{level - 1}"/>'
    )
    run = _font(size, bold=True)
    return _style(f"Heading{level}", f"heading {level}", para, run, following="AvtaleTekst")


def _continued(level: int) -> str:
    more = str(level) if level > 1 else ""
    indent = f'<w:ind w:left="{_item_indent(level)}"/>'
    name = f"List Continue {more}".strip()
    return _style(f"ListContinue{more}", name, _room(0, 60) + indent)


def _font(half_points: int, color: str = "", *, bold: bool = False, caps: bool = False) -> str:
    weight = ("<w:b/><w:bCs/>" if bold else "") + ("<w:caps/>" if caps else "")
    ink = f'<w:color w:val="{color}"/>' if color else ""
    air = '<w:spacing w:val="14"/>' if caps else ""
    return f'{weight}{ink}{air}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def _room(before: int, after: int, line: int = 0, *, exact: bool = False) -> str:
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    if exact:
        lines = ' w:line="20" w:lineRule="exact"'
    return f'<w:spacing w:before="{before}" w:after="{after}"{lines}/>'


def _left() -> str:
    return '<w:jc w:val="left"/>'


def _tab(millimetres: float) -> str:
    return f'<w:tabs><w:tab w:val="left" w:pos="{round(millimetres * TWIPS)}"/></w:tabs>'


def _ends() -> str:
    return f'<w:tabs><w:tab w:val="right" w:pos="{round(162 * TWIPS)}"/></w:tabs>'


def _hanging(left: float, hanging: float) -> str:
    return f'<w:ind w:left="{round(left * TWIPS)}" w:hanging="{round(hanging * TWIPS)}"/>'


def _over() -> str:
    return f'<w:pBdr><w:top w:val="single" w:sz="6" w:space="5" w:color="{_INK}"/></w:pBdr>'


def _item_indent(level: int) -> int:
    return round(6 * level * TWIPS)


def numbering(lists: Sequence[int], *, numbered: bool = True) -> str:
    """The numbers of the headings, the bullets, and each numbered list from 1."""
    headings = "".join(
        _level(
            depth,
            "decimal",
            ".".join(f"%{place}" for place in range(1, depth + 2)),
            _hanging(*(max(11.0, 4.5 * (depth + 1)),) * 2),
            f'<w:pStyle w:val="Heading{depth + 1}"/>' if numbered else "",
        )
        for depth in range(DEEPEST)
    )
    bullets = "".join(
        _level(depth, "bullet", _BULLETS[min(depth, 2)], _item(depth)) for depth in range(DEEPEST)
    )
    ordered = "".join(
        _level(depth, "decimal", f"%{depth + 1}.", _item(depth)) for depth in range(DEEPEST)
    )
    abstracts = "".join(
        f'<w:abstractNum w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{levels}'
        "</w:abstractNum>"
        for key, levels in ((1, headings), (2, bullets), (3, ordered))
    )
    numbers = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in (1, 2)
    )
    numbers += "".join(
        f'<w:num w:numId="{ORDERED + place}"><w:abstractNumId w:val="3"/><w:lvlOverride '
        f'w:ilvl="{depth}"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for place, depth in enumerate(lists)
    )
    return f"{HEAD}<w:numbering {SPACES}>{abstracts}{numbers}</w:numbering>"


def _item(depth: int) -> str:
    return f'<w:ind w:left="{_item_indent(depth + 1)}" w:hanging="{round(5 * TWIPS)}"/>'


def _level(depth: int, form: str, text: str, indent: str, style: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{style}'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/><w:pPr>{indent}</w:pPr></w:lvl>'
    )


def settings(language: str) -> str:
    """Word's settings: a document of today, in its language."""
    lang = "nn-NO" if language == "nn" else "nb-NO"
    compatibility = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" '
        f'w:val="{value}"/>'
        for name, value in (("compatibilityMode", "15"), ("useWord2013TrackBottomHyphenation", "0"))
    )
    return (
        f'{HEAD}<w:settings {SPACES}><w:defaultTabStop w:val="567"/><w:characterSpacingControl '
        f'w:val="doNotCompress"/><w:compat>{compatibility}</w:compat><w:themeFontLang '
        f'w:val="{lang}"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/></w:settings>'
    )


def header(title: str) -> str:
    """The title, above every page but the first."""
    return (
        f'{HEAD}<w:hdr {SPACES}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t '
        f'xml:space="preserve">{escape(title)}</w:t></w:r></w:p></w:hdr>'
    )


def footer(stamp: str, page: str, of: str) -> str:
    """Which content it is, and the number of the page."""
    text = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'.format
    return (
        f'{HEAD}<w:ftr {SPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"{text(escape(stamp))}<w:r><w:tab/></w:r>{text(f'{page} ')}{_field('PAGE')}"
        f"{text(f' {of} ')}{_field('NUMPAGES')}</w:p></w:ftr>"
    )


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def section() -> str:
    """A4, with the margins of the PDF; the first page has no header."""
    top, side = round(25 * TWIPS), round(24 * TWIPS)
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/><w:footerReference '
        'w:type="default" r:id="rId5"/><w:footerReference w:type="first" r:id="rId5"/>'
        f'<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{top}" w:right="{side}" '
        f'w:bottom="{side}" w:left="{side}" w:header="{round(12 * TWIPS)}" '
        f'w:footer="{round(11 * TWIPS)}" w:gutter="0"/><w:titlePg/></w:sectPr>'
    )
