"""A demo workspace, built once, served on loopback, and a real browser to look at it."""

import shutil
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cadre.access.principal import Principal
from cadre.clock import FixedClock
from cadre.runtime import Runtime, open_runtime
from tests.conftest import NOW
from tests.firms import copied, small
from tests.serving import serving

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_PATIENCE_MS = 120_000
expect.set_options(timeout=_PATIENCE_MS / 4)  # what it says comes late on a busy machine, and is no less right


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    """The firm that the commands are tried on, too: enough for every page to have something to say."""
    opened = open_runtime(copied(tmp_path_factory, "small", small))
    return Runtime(opened.root, opened.settings, FixedClock(NOW), Principal("owner at this machine", "owner"))


@pytest.fixture(scope="session")
def address(demo: Runtime) -> Iterator[str]:
    """Where the demo is served."""
    from cadre.web import create_app

    with serving(create_app(demo)) as place:
        yield place


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium from the PATH; closed with its file, since its event loop would bar other files' own."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    assert path, "no Chromium on the PATH; `make browser` installs one"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield opened
        opened.close()


def too_wide(page: Page) -> list[tuple[int, str, int]]:
    """Looks at which a loaded page is wider than its window: width of the window, theme, and how many pixels too wide.

    One load is looked at on a desk and on a phone, light and dark, and left as it came.
    """
    came, found = page.viewport_size, []
    assert came is not None
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": came["height"]})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found += [(width, theme, wide)] if wide > 1 else []
    page.set_viewport_size(came)
    page.emulate_media(color_scheme="null")
    return found


def fresh_page(browser: Browser, **options: Any) -> Page:
    """A page of its own, nobody signed in, as patient as every other one; its context is closed by who opened it."""
    made = browser.new_context(**options).new_page()
    made.set_default_timeout(_PATIENCE_MS)
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page."""
    made = browser.new_page(viewport={"width": 1280, "height": 900})
    made.set_default_timeout(_PATIENCE_MS)
    yield made
    made.close()
