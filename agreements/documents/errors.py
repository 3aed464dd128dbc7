"""Why there is no PDF. The message is one sentence for whoever runs the installation, in English;
`heading` and `advice` are bokmål, for the person who asked for the file.
"""

from __future__ import annotations

from collections.abc import Sequence


class PdfError(Exception):
    """There is no PDF, or nobody could look at one."""

    heading = "Dokumentet kunne ikke lages"
    advice = (
        "Ingenting er endret. Feilen står i loggen. Prøv igjen, og si fra til den som drifter "
        "løsningen om det skjer på nytt."
    )


class PdfUnavailableError(PdfError):
    """This machine lacks what PDF files are made with."""

    heading = "PDF kan ikke lages på denne maskinen"
    advice = (
        "Den som drifter løsningen, må installere Pango, HarfBuzz og skriften Inter. "
        "Loggen sier hva som mangler."
    )


class BusyError(PdfError):
    """Too many are waiting for a file."""

    heading = "Mange lager dokumenter akkurat nå"
    advice = "Ingenting er endret. Vent et minutt, og prøv igjen."


class RenderingError(PdfError):
    """The document could not be laid out, or the file not be read; the log has the whole story."""


class TooSlowError(RenderingError):
    """It took longer than PDF_TIME_LIMIT, and was stopped."""

    heading = "Dokumentet tok for lang tid å lage"
    advice = (
        "Ingenting er endret. Arbeidet ble stoppet for at andre skal slippe til. Se om dokumentet kan "
        "gjøres kortere, og si fra til den som drifter løsningen om det ikke hjelper."
    )


class TooLargeError(RenderingError):
    """It took more memory than PDF_MEMORY_LIMIT, and was stopped."""

    heading = "Dokumentet er for stort til å lages"
    advice = (
        "Ingenting er endret. Arbeidet ble stoppet fordi det tok for mye minne. Se om dokumentet kan "
        "gjøres kortere, og si fra til den som drifter løsningen om det ikke hjelper."
    )


class RefusedError(PdfError):
    """A file was made, and must not be kept. `problems` are sentences in bokmål for those who asked."""

    heading = "Filen kan ikke brukes"
    advice = "Den er laget, men ikke lagret. Dette må rettes først:"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("the file breaks a rule: " + " ".join(problems))
        self.problems = tuple(problems)
