"""The bundle that is served: made of the sources, small, and out of the page's way."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

from bundle import BUNDLE, MODULES, WIDGET, node
from playwright.sync_api import Browser
from test_widget_hostile import widget_line
from widget_page import Chat, HostPages, WidgetServer

LIMIT = 13 * 1024  # bytes, gzipped


def test_building_it_again_gives_the_same_bytes(tmp_path: Path) -> None:
    assert MODULES.is_dir(), "The widget's tools are not installed: make setup-dev"
    done = node("build.mjs", str(tmp_path / "widget.js"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "widget.js").read_bytes() == BUNDLE.read_bytes(), "Not built of these sources: make widget"


def test_it_is_small() -> None:
    assert len(gzip.compress(BUNDLE.read_bytes(), 9)) <= LIMIT


def test_the_lock_names_no_address() -> None:
    lock = (WIDGET / "package-lock.json").read_text()
    assert "resolved" not in lock
    assert "http" not in re.sub(r'"funding": .*|"url": ".*"', "", lock)
    assert all(package.get("integrity") for name, package in json.loads(lock)["packages"].items() if name)


def test_every_text_is_used() -> None:
    sources = "".join(path.read_text() for path in (WIDGET / "src").glob("*.ts"))
    texts = json.loads((WIDGET / "src" / "texts.json").read_text())
    indexed = {"offline", "failing", "busy"}  # by the trouble's name
    assert [name for name in texts if name not in indexed and not re.search(rf"texts\.{name}\b", sources)] == []


def test_nothing_is_done_before_the_page_is_idle_and_nothing_else_loaded(
    browser: Browser, host: HostPages, server: WidgetServer
) -> None:
    page = browser.new_page()
    page.add_init_script("window.requestIdleCallback = (work) => { window.idle = work; }")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(host.add("/idle", widget_line(server)))
    page.wait_for_function("!!window.idle")
    assert page.locator("assistant-widget").count() == 0
    page.evaluate("window.idle()")
    page.locator("assistant-widget section").wait_for(state="attached")
    assert requests == [f"{host.address}/idle", f"{server.address}/widget.js"]
    page.close()


def test_a_browser_without_idle_callbacks_has_it_too(
    visit: Callable[..., Chat], host: HostPages, server: WidgetServer
) -> None:
    drop = "<script>delete window.requestIdleCallback</script>"
    visit(host.add("/safari", drop + widget_line(server))).open()


def test_options_are_attributes(visit: Callable[..., Chat], host: HostPages, server: WidgetServer) -> None:
    options = 'async data-side="start" data-title="Ask Lux" data-label="Ask us now" data-open'
    chat = visit(host.add("/options", widget_line(server, options)))
    assert (chat.dialog.bounding_box() or {})["x"] < 100
    assert chat.dialog.get_by_role("heading", name="Ask Lux").is_visible()
    chat.dialog.get_by_role("button", name="Close").click()
    assert (chat.page.get_by_role("button", name="Ask us now").bounding_box() or {})["x"] < 100
