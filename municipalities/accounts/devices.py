"""What a browser calls itself, and where it is, in few words. Plain Python."""

from __future__ import annotations

import ipaddress

# The first that is found in the text: newer browsers name the older ones too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
NOWHERE = "0.0.0.0"  # noqa: S104 - an address that is nobody's, not one to listen on


def describe(user_agent: str) -> str:
    """Return «Firefox på Windows», or that the browser is unknown."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} på {system}"
    return browser or (f"Nettleser på {system}" if system else "Ukjent nettleser")


def is_address(text: str) -> bool:
    """Tell whether the text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def network(address: str) -> str:
    """Return the network an address is in (/24, or /48 of IPv6): enough to know home from abroad."""
    if not is_address(address):
        return NOWHERE
    found = ipaddress.ip_address(address)
    bits = 24 if found.version == 4 else 48
    return str(ipaddress.ip_network(f"{found}/{bits}", strict=False).network_address)
