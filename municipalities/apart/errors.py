"""Why there is no PDF, or nothing was read of a file. The message is one sentence for whoever runs the
installation, in English; `heading` and `advice` are bokmål, for the person who asked for a document.
"""

from __future__ import annotations


class PdfError(Exception):
    """There is no PDF, or nobody could read a file."""

    heading = "Dokumentet kunne ikke lages"
    advice = (
        "Ingenting er endret. Feilen står i loggen. Prøv igjen, og si fra til den som drifter "
        "løsningen om det skjer på nytt."
    )


class PdfUnavailableError(PdfError):
    """This machine lacks what PDF files are made with, or has no room for a process."""

    heading = "PDF kan ikke lages på denne maskinen"
    advice = (
        "Den som drifter løsningen, må installere Pango, HarfBuzz og skriften Inter. "
        "Loggen sier hva som mangler."
    )


class BusyError(PdfError):
    """Too many are waiting."""

    heading = "Mange lager dokumenter akkurat nå"
    advice = "Ingenting er endret. Vent et minutt, og prøv igjen."


class RenderingError(PdfError):
    """The document could not be laid out, or the file not be read; the log has the whole story."""


class TooSlowError(RenderingError):
    """It took longer than it may, and was stopped."""

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
