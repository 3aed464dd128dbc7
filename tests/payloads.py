"""What somebody could type to reach further than the page: files, addresses, fields, styles."""

from __future__ import annotations

# {file} and {http} are addresses that nothing may open: of a file that is there, of a server that runs.
REACHING = {
    "a as attachment": '<a rel=attachment href="{file}">vedlegg</a>',
    "link as attachment": '<link rel=attachment href="{file}">',
    "attachment over http": '<a rel=attachment href="{http}">vedlegg</a><link rel=attachment href="{http}">',
    "link to a style sheet": '<link rel=stylesheet href="{file}"><link rel=stylesheet href="{http}">',
    "@import": "<style>@import '{file}'; @import url({http});</style>",
    "url() of a background": "<style>p {{ background: url({file}), url({http}) }}</style>",
    "style attribute": '<p style="background: url({file}); border-image: url({http})">x</p>',
    "list-style-image": (
        '<ul style="list-style-image: url({file})"><li style="list-style-image: url({http})">x</ul>'
    ),
    "content": "<style>p::before {{ content: url({file}) url({http}) }}</style>",
    "@font-face": (
        "<style>@font-face {{ font-family: X; src: url({file}), url({http}), local('DejaVu Sans') }}"
        " p {{ font-family: X }}</style>"
    ),
    "@page": "<style>@page {{ background: url({file}); @top-right {{ content: url({http}) }} }}</style>",
    "@color-profile": (
        "<style>@color-profile --x {{ src: url({file}) }} p {{ color: color(--x 1 0 0 0) }}</style>"
    ),
    "@color-profile over http": (
        "<style>@color-profile --x {{ src: url({http}) }} p {{ color: color(--x 1 0 0 0) }}</style>"
    ),
    "img": '<img src="{file}" alt=x><img src="{http}" alt=x>',
    "srcset": '<img srcset="{http} 2x" alt=x><picture><source srcset="{file}"><img alt=x></picture>',
    "svg image": '<svg width=9 height=9><image href="{file}"/><image href="{http}"/></svg>',
    "svg xlink": (
        '<svg xmlns:xlink="http://www.w3.org/1999/xlink" width=9 height=9><image xlink:href="{file}"/>'
        '<use xlink:href="{http}#a"/></svg>'
    ),
    "svg style": '<svg width=9 height=9><style>@import "{file}"; rect {{ fill: url({http}) }}</style></svg>',
    "svg paint": (
        '<svg width=9 height=9><rect width=9 height=9 fill="url({http}#a)" filter="url({file}#b)"/></svg>'
    ),
    "object": '<object data="{file}">x</object><object data="{http}">x</object>',
    "embed": '<embed src="{file}"><embed src="{http}">',
    "frames": '<iframe src="{file}"></iframe><iframe srcdoc="<img src={http}>"></iframe>',
    "base": '<base href="{http}"><img src="a.png" alt=x><a rel=attachment href="b">x</a>',
    "data: picture": (
        "<img alt=x src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
        "<image href='{file}'/><image href='{http}'/></svg>\">"
    ),
    "data: style": '<link rel=stylesheet href="data:text/css,@import url({http});">',
    "media": '<video poster="{file}" src="{http}"></video><audio src="{http}"></audio>',
    "input image": '<input type=image src="{file}"><input type=image src="{http}">',
    "old attributes": '<table background="{file}"><tr><td background="{http}">x</table>',
    "entity": '<!DOCTYPE x [<!ENTITY y SYSTEM "{file}">]><p>&y;</p><?xml-stylesheet href="{http}"?>',
    "refresh": '<meta http-equiv=refresh content="0; url={http}"><script src="{file}"></script>',
}
# What must not become more than words, where it cannot reach anything.
POSING = {
    "a signature field": '<input type=checkbox name=sig-7701 title="Signatur">',
    "a text field": "<textarea name=x>y</textarea><select name=z><option>1</select>",
    "an end of everything": "</p></section></main></body><h1>Vedtatt</h1>",
    "a style": "<style>body {{ display: none }} @page {{ size: 9999mm }}</style>",
    "an identifier": '<a id="p-1" name="p-1">x</a><section id=signatures class=signature></section>',
    "metadata": '<meta name=author content="En annen"><title>En annen</title>',
    "an attribute": '" data-stamp="Vedtatt" onclick="x" style="color: red',
    "a link": '<a href="https://192.0.2.1/">trykk her</a>',
    "an html comment": "<!-- --><![CDATA[ x ]]>",
    "a template": "{{% include 'base.html' %}} {{{{ document.title }}}} {{# #}}",
    "references": "&lt;b&gt; &amp; &#x3c;i&#62; &nbsp;",
}
# What would take for ever, or all memory, or the stack.
ENDLESS = {
    "columns": "<table><tr><td colspan=1000000>x</td></tr></table>",
    "columns of many rows": "<table>" + "<tr><td colspan=60000>x</td></tr>" * 60 + "</table>",
    "nesting": "<div>" * 2000 + "x",
    "nested lists": "<ul><li>" * 400 + "x",
    "nested tables": "<table><tr><td>" * 60 + "x",
    "points": "<ol>" + "<li>punkt</li>" * 60_000 + "</ol>",
    "pages": '<p style="break-after: page">x</p>' * 20_000,
    "a long page": "<p>" + "ord " * 1_000_000 + "</p>",
    "a picture of itself": (
        "<svg width=9 height=9><defs><g id=a0><rect width=1 height=1 /></g>"
        + "".join(f"<g id=a{n}>" + f'<use href="#a{n - 1}"/>' * 20 + "</g>" for n in range(1, 9))
        + '</defs><use href="#a8"/></svg>'
    ),
}
