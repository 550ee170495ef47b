"""A workspace with a door for stories over the pages: browsers that keep cookies, a clock turned by hand."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
from fastapi import FastAPI

from cadre.runtime import Runtime
from cadre.services.accounts.invite import invite

BASE = "http://127.0.0.1:8765"
SAME = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
PASSWORD = "lamp orbit thistle"


class TurnedClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@dataclass
class Browser:
    """Keeps cookies from request to request, and follows no redirect."""

    app: FastAPI
    base: str = BASE
    cookies: httpx.Cookies = field(default_factory=httpx.Cookies)

    def get(self, path: str, **told: Any) -> httpx.Response:
        return self._asked("GET", path, **told)

    def post(self, path: str, **data: Any) -> httpx.Response:
        return self._asked("POST", path, data=data, headers={**SAME, "Origin": self.base})

    def _asked(self, method: str, path: str, **told: Any) -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=self.base, cookies=self.cookies) as client:
                answer = await client.request(method, path, **told)
                self.cookies = client.cookies
                return answer

        return anyio.run(run)

    def enter(self, name: str, password: str = PASSWORD, to: str = "/") -> httpx.Response:
        return self.post("/sign-in", name=name, password=password, to=to)

    def name(self) -> str | None:
        """Who the pages think this is."""
        found = re.search(r'<a href="/account"[^>]*>([^<]+)</a>', self.get("/signals").text)
        return found.group(1) if found else None


@dataclass
class House:
    runtime: Runtime
    clock: TurnedClock
    app: FastAPI

    def browser(self) -> Browser:
        return Browser(self.app)

    def link(self, name: str, role: str = "owner") -> str:
        told: Any = {"name": name, "role": role}
        return invite(
            self.runtime.principal, self.runtime.work(), self.clock, self.runtime.warehouse, **told
        ).path  # fmt: skip

    def joined(self, name: str, role: str = "owner") -> Browser:
        """A browser in which somebody has just accepted their invitation."""
        browser = self.browser()
        assert browser.post(self.link(name, role), password=PASSWORD, again=PASSWORD).status_code == 303
        return browser
