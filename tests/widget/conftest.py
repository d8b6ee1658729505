"""A real server, a real browser, and pages with the widget on them."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from processes import free_port
from widget_page import Chat, HostPages, WidgetServer

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOUND = next(filter(None, map(shutil.which, BROWSERS)), None)
# Who waits for something to appear waits longer than a slow machine takes; Playwright's own 5 seconds are not enough.
PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)
MISSING = "No Chromium: {} tests of the widget in a browser were left out. On Debian: apt install chromium"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a browser leave out what needs one; where BROWSER_REQUIRED is set, as in .ci/run, end there."""
    left_out = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
    if FOUND or not left_out:
        return
    message = MISSING.format(len(left_out))
    if os.environ.get("BROWSER_REQUIRED"):
        raise pytest.UsageError(message)
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)
    # One line, where a reason for each of a hundred would hide it.
    config.add_cleanup(lambda: print(message))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    # Stopped with each module: while it runs, its event loop is in the way of other tests that use asyncio.
    with sync_playwright() as playwright:
        # Chromium's sandbox does not start for root, as which containers run.
        running = playwright.chromium.launch(executable_path=FOUND, chromium_sandbox=os.geteuid() != 0)
        yield running
        running.close()


@pytest.fixture(scope="session")
def host_port() -> int:
    """The port of the supplier's website, which the server must know."""
    return free_port()


@pytest.fixture(scope="session")
def server(model: Path, host_port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WidgetServer]:
    """A server in a process and with a database of its own, that can be stopped and started again."""
    server = WidgetServer(model, tmp_path_factory.mktemp("widget"), f"http://localhost:{host_port}")
    server.start()
    yield server
    server.stop()
    assert "Traceback" not in server.output


@pytest.fixture
def host(host_port: int) -> Iterator[HostPages]:
    """The supplier's website: another origin than the server's."""
    pages = HostPages(host_port)
    yield pages
    pages.close()


@pytest.fixture
def visit(browser: Browser, server: WidgetServer) -> Iterator[Callable[..., Chat]]:
    """Visit a page as a new customer; by default the demo page. Nothing may be reported in the console."""
    if not server.running:
        server.start()
    chats: list[Chat] = []

    def new(address: str = "", **context: object) -> Chat:
        chat = Chat(browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context}).new_page())  # type: ignore[arg-type]
        chats.append(chat)
        chat.page.context.set_default_timeout(PATIENCE)
        chat.visit(address or f"{server.address}/demo")
        return chat

    yield new
    for chat in chats:
        chat.page.context.close()
    for chat in chats:
        assert not chat.faults


@pytest.fixture
def chat(visit: Callable[..., Chat]) -> Chat:
    """A customer on the demo page, the panel open."""
    chat = visit()
    chat.open()
    return chat
