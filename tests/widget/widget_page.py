"""What the tests of the widget need: the server, a page of the supplier's, and a customer in front of it."""

import contextlib
import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Route
from processes import Running, copy_of_project, free_port

KEY = "a key of the tests that is long enough for it"
MESSAGE = "**/webhooks/web/message"


class WidgetServer:
    """`bot run` with a key of its own, so that conversations outlive it."""

    def __init__(self, model: Path, folder: Path, origin: str) -> None:
        self.model, self.folder, self.origin = model, folder, origin
        self.project = copy_of_project(folder / "project", model)
        self.database = self.project / "var" / "conversations.db"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._running: Running | None = None
        self._logs: list[Path] = []

    @property
    def running(self) -> bool:
        return self._running is not None

    @property
    def output(self) -> str:
        return "\n".join(log.read_text() for log in self._logs)

    def start(self) -> None:
        """Start it, and return when it answers."""
        log = self.folder / f"log-{len(self._logs)}"
        self._logs.append(log)
        self._running = Running(
            *("run", "--model", str(self.model), "--port", str(self.port)),
            project=self.project,
            log=log,
            BOT_SECRET_KEY=KEY,
            BOT_ALLOWED_ORIGINS=self.origin,
            BOT_SESSION_LIMIT="10000/minute",
            BOT_ADDRESS_LIMIT="10000/minute",
        )
        self._running.wait_for("Ready")

    def stop(self) -> None:
        """Kill it."""
        if self._running:
            self._running.process.kill()
            self._running.process.wait()
            self._running = None

    def history(self, token: str) -> list[dict[str, Any]]:
        """What the server has kept of a conversation."""
        headers = {"Authorization": f"Bearer {token}"}
        request = urllib.request.Request(f"{self.address}/webhooks/web/history", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return list(json.load(answer)["messages"])

    def asked(self, token: str) -> list[str]:
        """What the customer has asked, as the server has kept it."""
        return [message["text"] for message in self.history(token) if message["from"] == "customer"]


class HostPages:
    """A website: its pages by path, each with its headers."""

    def __init__(self, port: int) -> None:
        pages: dict[str, tuple[str, dict[str, str]]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html, headers = pages.get(self.path, ("", {}))
                self.send_response(200 if html else 404)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(BrokenPipeError):
                    self.wfile.write(html.encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._pages = pages
        self.address = f"http://localhost:{port}"
        self._server = ThreadingHTTPServer(("localhost", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def add(self, path: str, body: str, **headers: str) -> str:
        """Add a page; its address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        head = "<meta charset=utf-8><meta name=viewport content='width=device-width'><link rel=icon href='data:,'>"
        page = f"<!doctype html><html lang=en><head><title>Shop</title>{head}</head>"
        self._pages[path] = (f"{page}<body><main><h1>Shop</h1>{body}</main></body></html>", named)
        return self.address + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Chat:
    """A page with the widget, and what a customer does with it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # What a careful developer would see in the console; a request that fails is the test's own doing.
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._heard)
        self.launcher = page.get_by_role("button", name="Ask us")
        self.dialog = page.locator("assistant-widget dialog")
        self.field = page.get_by_label("Your question")
        self.log = self.dialog.get_by_role("region", name="Conversation")
        self.customer = page.locator("li.customer")
        self.replies = page.locator("li.assistant")
        self.staff = page.locator("li.staff")
        self.status = page.locator(".with")
        self.hint = page.locator(".hint")
        self.live = self.dialog.locator("> [role=status]")
        self.person = self.dialog.get_by_role("link", name="Ask a person")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    @property
    def last(self) -> Locator:
        """The newest reply."""
        return self.replies.last

    @property
    def token(self) -> str:
        return str(self.page.evaluate("localStorage.getItem('assistant-widget:token')"))

    def visit(self, address: str) -> None:
        self.page.goto(address)
        self.page.locator("assistant-widget section").wait_for(state="attached")

    def open(self) -> None:
        self.launcher.click()
        self.field.wait_for()

    def send(self, text: str) -> None:
        """Type and press Enter."""
        self.field.fill(text)
        self.field.press("Enter")

    def ask(self, text: str) -> Locator:
        """Ask, and wait for the reply."""
        before = self.replies.count()
        self.send(text)
        return self.reply_after(before)

    def reply_after(self, before: int) -> Locator:
        """The reply that comes as the next one after so many."""
        self.replies.nth(before).wait_for()
        return self.last

    def menu(self, item: str) -> None:
        self.page.get_by_role("button", name="More").click()
        self.page.get_by_role("button", name=item).click()

    @property
    def focused(self) -> Locator:
        """What has the focus, also inside the widget."""
        return self.page.locator("*:focus").last

    def replace_replies(self, **answer: Any) -> None:
        """Let the server answer, and change fields of the payload on their way here."""

        def change(route: Route) -> None:
            response = route.fetch()
            data = response.json()
            data["reply"]["answer"] |= answer
            route.fulfill(response=response, json=data)

        self.page.route(MESSAGE, change)


def status_of(address: str, token: str) -> int:
    """The status of a GET with a token."""
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
