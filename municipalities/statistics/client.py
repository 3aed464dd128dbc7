"""Ask Statistics Norway, politely: slow, patient for a while, and never further than its own host."""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx

MOST_BYTES = 5 * 1024 * 1024  # the largest answer is a tenth of this
TIMEOUT = httpx.Timeout(20, connect=10)
LONGEST = 60.0  # seconds for a whole answer, however slowly it drips
PAUSE = 2.5  # thirty calls a minute are allowed
ATTEMPTS = 4
FIRST_WAIT = 2.0
LONGEST_WAIT = 120.0  # asked to wait longer than this, we give up and say so
MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_AGAIN = {429, 502, 503, 504}


class FetchError(Exception):
    """No usable answer. `code` is one of those in `messages`, `detail` what was answered instead.

    `wait` is how many seconds Statistics Norway asked for, None where it did not say.
    """

    def __init__(self, code: str, detail: str = "", wait: float | None = None) -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail, self.wait = code, detail[:200], wait

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered in a while."""
        return self.code in {"unreachable", "timeout", "busy", "unavailable"}


@dataclass
class Client:
    """Sends one question at a time with a pause between. `sleep` and `told` are for the caller.

    `told` hears how many seconds a wait before the next attempt will be, and why.
    """

    attempts: int = ATTEMPTS
    pause: float = field(default_factory=lambda: PAUSE)
    sleep: Callable[[float], None] = time.sleep
    told: Callable[[FetchError, float], None] = lambda problem, seconds: None
    timeout: httpx.Timeout = field(default_factory=lambda: TIMEOUT)
    _last: float = -math.inf

    def get(self, address: str) -> bytes:
        """Return the answer's bytes, decompressed; FetchError when there is none to be had."""
        for attempt in range(self.attempts):
            self._be_polite()
            try:
                return self._ask(address)
            except FetchError as problem:
                backoff = FIRST_WAIT * 2**attempt
                wait = backoff if problem.wait is None else problem.wait
                if not problem.may_pass or attempt == self.attempts - 1 or wait > LONGEST_WAIT:
                    raise
                self.told(problem, wait)
                self.sleep(wait)
        raise AssertionError("at least one attempt is made")

    def _be_polite(self) -> None:
        left = self._last + self.pause - time.monotonic()
        if left > 0:
            self.sleep(left)
        self._last = time.monotonic()

    def _ask(self, address: str) -> bytes:
        headers = {"Accept": "application/json", "User-Agent": "Samarbeidsavtaler"}
        until = time.monotonic() + LONGEST
        try:
            with httpx.Client(timeout=self.timeout, headers=headers) as http:
                for _ in range(MOST_REDIRECTS + 1):
                    with http.stream("GET", address) as answer:
                        if answer.status_code not in _REDIRECTS:
                            return _content(answer, until)
                        address = _redirected(address, answer.headers.get("Location", ""))
        except httpx.TimeoutException as error:
            raise FetchError("timeout") from error
        except httpx.DecodingError as error:
            raise FetchError("not_json", "cannot be decompressed") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError("unreachable", type(error).__name__) from error
        raise FetchError("redirected", "too many times")


def _content(answer: httpx.Response, until: float) -> bytes:
    status = answer.status_code
    if status != 200:
        detail = f"HTTP {status}"
        if status in _AGAIN:
            code = "busy" if status == 429 else "unavailable"
            raise FetchError(code, detail, _wait(answer.headers.get("Retry-After", "")))
        raise FetchError("unavailable" if status >= 500 else "refused", detail)
    content = bytearray()
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise FetchError("too_large", f"more than {MOST_BYTES // 1024 // 1024} MB")
        if time.monotonic() > until:
            raise FetchError("timeout")
    return bytes(content)


def _redirected(address: str, location: str) -> str:
    """Return where to go on; FetchError when that is another host, or less secure."""
    target = urljoin(address, location)
    before, after = httpx.URL(address), httpx.URL(target)
    if (before.scheme, before.host, before.port) != (after.scheme, after.host, after.port):
        raise FetchError("redirected", after.host[:100])
    return target


def _wait(text: str) -> float | None:
    """Return the seconds of a Retry-After, which are given as a number or as a time of day."""
    if text.strip().isascii() and text.strip().isdigit():
        return float(text.strip()[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())
