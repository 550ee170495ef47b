"""What every request passes: a loopback host name, a same-origin form, and strict headers on the way out.

The host check stops another site from reaching the pages by rebinding its own name to this machine; the origin check
stops its forms. Nothing is loaded from anywhere else, and no inline script or style runs.
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
_STATIC_SECONDS = 3600
_PLAIN = tuple((name.lower().encode(), value.encode()) for name, value in HEADERS.items())
_FOR_PAGES = (*_PLAIN, (b"cache-control", b"no-store"))
_FOR_STATIC = (*_PLAIN, (b"cache-control", f"max-age={_STATIC_SECONDS}".encode()))
_OURS = frozenset(name for name, _ in _FOR_PAGES)


class Guard:
    """Middleware that refuses foreign hosts and foreign forms, and sets the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse before anything else runs."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = "GET" if is_without_cookies(scope["path"]) else scope["method"]
        refusal = refused(method, Headers(scope=scope))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = _FOR_STATIC if scope["path"].startswith("/static/") else _FOR_PAGES
                given = [pair for pair in message.get("headers", ()) if pair[0].lower() not in _OURS]
                message["headers"] = [*given, *kept]
            await send(message)

        app = PlainTextResponse(refusal, status_code=403) if refusal else self.app
        await app(scope, receive, sending)


def is_without_cookies(path: str) -> bool:
    """Whether agents ask here: no cookie opens these paths, so that a foreign form has nothing to ride on."""
    if path.startswith("/decisions/"):
        return path.endswith(("/use", "/outcome"))
    return path.startswith(("/access/v1/", "/agents/token"))


def refused(method: str, headers: Headers) -> str:
    """Why a request is refused; empty where it is not."""
    host = headers.get("host", "")
    if why := foreign_host(host):
        return why
    if method in SAFE:
        return ""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in ("same-origin", "none"):
        return "This form was sent by another site."
    if origin is not None and urlsplit(origin).netloc != host:
        return "This form was sent by another site."
    if site is None and origin is None:
        return "A form has to say where it was sent from, and this one does not."
    return ""


def foreign_host(host: str) -> str:
    """Why a host name is refused; empty where it is not."""
    return "" if _name(host) in HOSTS else "These pages answer to 127.0.0.1, localhost and ::1 only."


def _name(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()
