"""One gateway over the real graph and one browser, for all tests of pages.

The browser is Debian's Chromium: where it is not installed these tests are skipped. Every page that
is opened is watched: an error in its console, or a request to another host, fails the test.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from ..gateways import serving
from ..real import real_home

sys.path.insert(0, str(Path(__file__).parents[2] / "server" / "frontend"))
import libraries

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that needs the browser runs in one process, so that there is one browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents and "open_page" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("browser"))


def patient(home: Path, **more: str) -> AbstractContextManager[str]:
    """A gateway with one reader, which has the time that it needs on a busy machine."""
    return serving(
        home,
        SANCTIONGRAPH_READERS="1",
        SANCTIONGRAPH_TIMEOUT="120",
        SANCTIONGRAPH_MAX_TIMEOUT="120",
        **more,
    )


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The gateway's address."""
    with patient(real_home(tmp_path_factory)) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("the tests of pages need Debian's Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def faults() -> list[str]:
    """What went wrong on the pages that were opened; a test that expects a fault takes it out."""
    return []


@pytest.fixture
def open_page(address: str, browser: Browser, faults: list[str]) -> Iterator[Open]:
    """Opens a page of a new visitor; keywords say what the browser is like, and at what address."""

    addresses = {address}

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((*(f"{one}/" for one in addresses), "data:", "blob:")):
            faults.append(f"another host: {request.url}")

    with ExitStack() as contexts:

        def open_(path: str, **more: Any) -> Page:
            addresses.add(more.setdefault("base_url", address))
            context = browser.new_context(**more)
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(60_000)
            page.on("console", heard)
            page.on("pageerror", lambda error: faults.append(f"script: {error}"))
            page.on("request", asked)
            page.goto(path)
            return page

        yield open_
    assert faults == []


@pytest.fixture(scope="package")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The text of axe-core, fetched from the npm registry as it is pinned."""
    folder = tmp_path_factory.mktemp("axe")
    said: list[str] = []
    table = libraries.Table.read(Path(__file__).parent / "axe.toml")
    if not libraries.install(folder, table, say=said.append):
        pytest.skip(f"axe-core is not to be had here: {'; '.join(said)}")
    return (folder / "axe.min.js").read_text("utf-8")
