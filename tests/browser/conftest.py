"""A few pages as they are built, and Chromium to look at them with."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from analysis import publish

SITE = os.environ.get("ANALYSIS_SITE")  # a folder of pages to look at in place of those that the tests build
EVERYTHING = publish.request(release="2026-04-23")
# Of the kinds of which there are many, those unlike each other; `.ci/publish` looks at a site's other offences too.
CHOSEN = (
    *("forces/northamptonshire", "forces/northamptonshire/88a", "forces/british-transport-police"),
    *("forces/british-transport-police/88a", "offences/sexual-offences", "offences/46"),
)
PAGES = [*CHOSEN, *(page.name for page in EVERYTHING.table if "/" not in page.name)]
if SITE:  # what stands there, and of the pages on forces three
    PAGES = sorted(path.relative_to(SITE).with_suffix("").as_posix() for path in Path(SITE).rglob("*.html"))
    MANY = [name for name in PAGES if name.startswith("forces/")][3:]
    PAGES = [name for name in PAGES if name not in MANY]
PAGES.sort(key=lambda name: (name.count("/"), name))  # those of one kind beside each other
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HEIGHT = 900
# Milliseconds in which the browser does what it is asked, on a machine that is busy with something else.
PATIENCE = 300_000


@dataclass
class Visit:
    """A page in the browser, and what it asked for or complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.messages.append(dialog.message)
        dialog.dismiss()

    @property
    def asked(self) -> list[str]:
        """What it asked for beyond itself and the drawings that it holds."""
        return [url for url in self.requests if url != self.page.url and not url.startswith("data:image/")]

    def settle(self, width: int | None = None) -> None:
        """Wait until the page is laid out, at another width if one is given: only then is it known what scrolls."""
        if width is not None:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.fixture(scope="module")  # its event loop must be gone before other tests begin one of their own
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: `apt-get install chromium` brings the one that these tests drive")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        with playwright.chromium.launch(executable_path=path, args=options, timeout=PATIENCE) as launched:
            yield launched


@pytest.fixture(scope="module")
def context(browser: Browser) -> Callable[..., BrowserContext]:
    """Give a function that makes a context of these options once, since that takes longer than a page: no page of ours keeps anything in it."""

    @functools.cache
    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context

    return make


@pytest.fixture
def open_file(context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens a file of HTML; what it opened is closed after the test."""
    opened = []

    def open_page(
        path: Path, *, width: int = 1280, scheme: str = "light", script: bool = True, policy: bool = True
    ) -> Visit:
        options = {"color_scheme": scheme, "java_script_enabled": script, "bypass_csp": not policy}
        opened.append(context(**options).new_page())
        opened[-1].set_viewport_size({"width": width, "height": HEIGHT})
        visit = Visit(opened[-1])
        visit.page.goto(path.as_uri())
        return visit

    yield open_page
    for page in opened:
        page.close()


@pytest.fixture
def visit(open_file: Callable[..., Visit], everything: Path) -> Callable[..., Visit]:
    """Give a function that opens a page by its name."""
    return lambda name, **options: open_file(everything / f"{name}.html", **options)


@pytest.fixture(params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def turn(name: str) -> int:
    """Give the place of a page among all, for what pages of one kind are looked at for by turns."""
    return PAGES.index(name)
