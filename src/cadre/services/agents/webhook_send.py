"""Posting messages: one thread and one bounded queue for each endpoint, so that a slow one holds up nobody else.

Keeps true: whoever hands in a message never waits; what could not be delivered leaves an event without the address; no
redirect is followed; only https, except to this machine itself.
"""

import contextlib
import http.client
import logging
import queue
import ssl
import threading
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from cadre.access.principal import Principal
from cadre.access.right import require
from cadre.clock import Clock
from cadre.errors import CadreError, UsageError
from cadre.services.actor import MACHINE, happened
from cadre.services.agents.webhook import Endpoint, Message, Telling, post_of
from cadre.services.unit_of_work import UnitOfWork

_LOG = logging.getLogger("cadre.webhook")
QUEUE = 200
"""Messages that wait for one endpoint at most; the next are dropped and counted."""
TIMEOUT_SECONDS = 5.0
WAITS_SECONDS = (1.0, 5.0, 25.0)
"""Between one try and the next; a post is tried once more than there are waits."""
FAILED = "webhook:failed"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_AGAIN = frozenset({408, 425, 429})


def require_safe(name: str, url: str) -> None:
    """Refuse an address that would be read on the way.

    Raises:
        UsageError: It is neither https nor this machine itself; the message does not repeat it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)):
        raise UsageError(f"the address of the webhook {name!r} is no https address",
                         hint="Use https://; http:// only to a program on this machine.")  # fmt: skip


def post(url: str, body: bytes, headers: dict[str, str], *, timeout: float = TIMEOUT_SECONDS) -> int:
    """Post once; the status that was answered. The answer's own words are not read.

    Args:
        url: An address that `require_safe` took.
        body: The body.
        headers: Its headers.
        timeout: Seconds for each step: connecting, sending, the first line of the answer.

    Raises:
        OSError: Nobody answered, or not in time, or their certificate does not hold.
        http.client.HTTPException: What was answered is not HTTP.
    """
    parts = urlsplit(url)
    line: http.client.HTTPConnection
    if parts.scheme == "https":
        line = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout,
                                           context=ssl.create_default_context())  # fmt: skip
    else:
        line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        line.request("POST", target, body, headers)
        return line.getresponse().status
    finally:
        line.close()


def try_once(endpoint: Endpoint, messages: list[Message], telling: Telling, at: datetime,
             *, timeout: float = TIMEOUT_SECONDS) -> tuple[str, bool]:  # fmt: skip
    """Post once and say how it went.

    Returns:
        What went wrong in words without the address, empty where nothing did; and whether another try may help.
    """
    try:
        status = post(endpoint.url, *post_of(endpoint, messages, telling, at), timeout=timeout)
    except ssl.SSLCertVerificationError:
        return "its certificate does not hold", False
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"no answer ({type(error).__name__})", True
    if 200 <= status < 300:
        return "", False
    if 300 <= status < 400:
        return f"status {status}: it sends on elsewhere, which is not followed", False
    return f"status {status}", status >= 500 or status in _AGAIN


def send_test(principal: Principal, endpoints: Sequence[Endpoint], telling: Telling, clock: Clock) -> dict[str, str]:
    """Post a test message to each endpoint, once.

    Args:
        principal: An owner or manager.
        endpoints: Where to.
        telling: What messages share.
        clock: Tells when.

    Returns:
        What went wrong, by name of the endpoint; empty words where nothing did.

    Raises:
        ForbiddenError: They may not.
        UsageError: An address would be read on the way.
    """
    require(principal, "action:govern")
    for one in endpoints:
        require_safe(one.name, one.url)
    now = clock.now()
    message = Message("test", "", "", "", "", "", now)
    return {one.name: try_once(one, [message], telling, now)[0] for one in endpoints}


class Sender:
    """Posts to one endpoint, in a thread of its own.

    Args:
        endpoint: Where to.
        telling: What messages share.
        work: A transaction of its own, for what failed.
        clock: Tells when.
        waits: Seconds between one try and the next.
        timeout: Seconds for each step of a post.

    Raises:
        UsageError: The address would be read on the way.
    """

    def __init__(self, endpoint: Endpoint, telling: Telling, work: UnitOfWork, clock: Clock, *,
                 waits: tuple[float, ...] = WAITS_SECONDS, timeout: float = TIMEOUT_SECONDS) -> None:  # fmt: skip
        require_safe(endpoint.name, endpoint.url)
        self._endpoint, self._telling, self._work, self._clock = endpoint, telling, work, clock
        self._waits, self._timeout = waits, timeout
        self._queue: queue.Queue[Message | None] = queue.Queue(QUEUE)
        self._ends = threading.Event()
        self._dropped = 0
        self._thread = threading.Thread(target=self._go_on, name=f"webhook-{endpoint.name}", daemon=True)
        self._thread.start()

    def offer(self, message: Message) -> None:
        """Take a message where it is one of this endpoint's; returns at once, whatever happens."""
        if not self._endpoint.takes(message):
            return
        try:
            self._queue.put_nowait(message)
        except queue.Full:
            self._dropped += 1  # told with the next event of what failed

    def stop(self) -> None:
        """Stop after the try that is under way, without waiting for it; what waits is given up and left on record."""
        self._ends.set()
        with contextlib.suppress(queue.Full):  # a full one wakes the thread by itself
            self._queue.put_nowait(None)

    def end(self) -> None:
        """Stop, and wait for the try that is under way, but not for ever: a name that is looked up has no timeout."""
        self.stop()
        self._thread.join(4 * self._timeout)

    def _go_on(self) -> None:
        while (first := self._queue.get()) is not None:
            many = [first, *self._waiting()]
            wrong, tries = self._deliver(many)
            if wrong or self._dropped:
                self._note(wrong, len(many) if wrong else 0, tries)
            if self._ends.is_set():
                return

    def _waiting(self) -> list[Message]:
        """What came meanwhile: told in the same post, so that many calls are one message."""
        found: list[Message] = []
        while True:
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                return found
            if one is not None:
                found.append(one)

    def _deliver(self, many: list[Message]) -> tuple[str, int]:
        wrong, tries = "", 0
        for wait in (*self._waits, 0.0):
            tries += 1
            wrong, may_help = try_once(self._endpoint, many, self._telling, self._clock.now(), timeout=self._timeout)
            if not may_help or self._ends.wait(wait):
                break
        return wrong, tries

    def _note(self, wrong: str, count: int, tries: int) -> None:
        dropped, self._dropped = self._dropped, 0
        try:
            with self._work as work:
                work.record(happened(MACHINE, self._clock, FAILED, f"webhook:{self._endpoint.name}", wrong=wrong,
                                     messages=count, tries=tries, dropped=dropped))  # fmt: skip
                work.commit()
        except (CadreError, SQLAlchemyError) as error:
            _LOG.warning("a webhook failed, which is not on record: %s", type(error).__name__)
