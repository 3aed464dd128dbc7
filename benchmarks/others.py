"""The other ways to a PDF of the same agreement: LibreOffice from the Word file, Chromium from the page."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from agreements.documents import engine

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def run(*command: str | Path) -> None:
    """Run a program that says nothing; CalledProcessError where it fails."""
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def styled(html: str) -> str:
    """The page with its style sheet in it and fonts where a browser finds them."""
    css = (engine.OWN / "print.css").read_text(encoding="utf-8")
    css = re.sub(r"static:fonts/", f"{engine.INTER.as_uri()}/", css)
    css = css.replace("static:utkast.svg", (engine.OWN / "utkast.svg").as_uri())
    return html.replace("</head>", f"<style>{css}</style></head>")


def libreoffice(docx: bytes, folder: Path) -> Callable[[], object]:
    """DOCX to PDF, with a profile of its own that has been used before."""
    file = folder / "avtale.docx"
    file.write_bytes(docx)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    made = folder / "avtale.pdf"

    def convert() -> None:
        made.unlink(missing_ok=True)
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file)
        assert made.stat().st_size

    convert()
    return convert


def chromium_alone(html: str, folder: Path) -> Callable[[], object]:
    """Print to PDF from the command line: the browser is started for each file."""
    file, made = folder / "avtale.html", folder / "chromium.pdf"
    file.write_text(styled(html), encoding="utf-8")

    def convert() -> None:
        made.unlink(missing_ok=True)
        printed = [f"--print-to-pdf={made}", "--no-pdf-header-footer"]
        run("chromium", *FLAGS, f"--user-data-dir={folder / 'data'}", *printed, file.as_uri())
        assert made.stat().st_size

    convert()
    return convert


@contextmanager
def chromium_warm(html: str, folder: Path) -> Iterator[Callable[[], object]]:
    """Print to PDF from a browser that runs already, a new page for each file."""
    from playwright.sync_api import sync_playwright

    file = folder / "varm.html"
    file.write_text(styled(html), encoding="utf-8")
    path = shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)

        def convert() -> None:
            page = browser.new_page()
            page.goto(file.as_uri())
            assert page.pdf(prefer_css_page_size=True, tagged=True, outline=True)
            page.close()

        convert()
        yield convert
        browser.close()
