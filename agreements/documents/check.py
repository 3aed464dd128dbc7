"""Where a paper can be checked, as an address and as a square code (QR) for a telephone's camera."""

from __future__ import annotations

import io
import re

import segno


def address(base_address: str, sha256: str) -> str:
    """Return where a content can be checked; empty where the installation has no address."""
    return f"{base_address.rstrip('/')}/sjekk/{sha256}/" if base_address else ""


def code(target: str, description: str) -> str:
    """Return the address as an inline SVG of 18 mm; `description` is read where it cannot be seen.

    Error correction M: a stain on the paper does not matter.
    """
    out = io.BytesIO()
    made = segno.make(target, error="m", micro=False)
    made.save(out, kind="svg", xmldecl=False, svgns=True, border=2, title=description, nl=False)
    width = made.symbol_size(border=2)[0]
    svg = out.getvalue().decode()
    # segno writes the size in units of its own; without it the drawing has none but its viewBox.
    size = f'width="18mm" height="18mm" viewBox="0 0 {width} {width}"'
    return re.sub(r'width="\d+" height="\d+"', size, svg, count=1)


def parts(check_address: str, description: str) -> dict[str, str]:
    """What the template `_check.html` is filled with; nothing without an address."""
    if not check_address:
        return {}
    page = check_address.rstrip("/").rpartition("/")[0]  # where the hash can be typed
    drawn = code(check_address, description)
    return {"check_address": check_address, "check_page": f"{page}/", "check_code": drawn}
