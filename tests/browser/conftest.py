"""A few pages as they are built, and Chromium to look at them with."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

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
        self.page.set_default_timeout(PATIENCE)
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
def tabs() -> dict[tuple[bool, bool], list[Visit]]:
    """Give the tabs that nobody looks at, with and without scripts and policies: to open one takes longer than three pages in it."""
    return defaultdict(list)


@pytest.fixture
def open_file(browser: Browser, tabs: dict[tuple[bool, bool], list[Visit]]) -> Iterator[Callable[..., Visit]]:
    """Give a function that opens a file of HTML, in a tab that is emptied after the test: no page of ours keeps anything in it."""
    opened = []

    def open_page(
        path: Path, *, width: int = 1280, scheme: str = "light", script: bool = True, policy: bool = True
    ) -> Visit:
        idle = tabs[script, policy]
        visit = idle.pop() if idle else Visit(browser.new_page(java_script_enabled=script, bypass_csp=not policy))
        opened.append((idle, visit))
        visit.page.set_viewport_size({"width": width, "height": HEIGHT})
        visit.page.emulate_media(media="null", color_scheme=scheme)
        visit.page.goto(path.as_uri())
        return visit

    yield open_page
    for idle, visit in opened:
        visit.page.goto("about:blank")
        visit.requests.clear()
        visit.messages.clear()
        idle.append(visit)


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
