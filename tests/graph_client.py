"""A bot that only notes what Meta sends it, and requests to Meta by hand."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.simulator import GraphServer

NUMBER = "491511234567"


class Bot:
    """A webhook that keeps what it gets; it answers with `statuses`, one after the other, and then with 200."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.verify_token: str | None = None  # else anything is believed
        self.is_off = False  # there is no such webhook
        self.is_mute = False
        self.is_gone = False  # connections are cut without an answer
        self.challenge: str | None = None  # what is answered in place of the challenge
        bot = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                query = parse_qs(urlsplit(self.path).query)
                bot.query = {name: values[0] for name, values in query.items()}
                refused = bot.verify_token not in (None, bot.query["hub.verify_token"])
                status = 404 if bot.is_off else 403 if refused else 200
                self.answer(status, "" if status != 200 else bot.challenge or bot.query["hub.challenge"])

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if bot.is_gone:
                    self.close_connection = True
                    return
                if bot.verify_token and "X-Hub-Signature-256" not in self.headers:
                    self.answer(401, "")
                    return
                bot.deliveries.append((dict(self.headers), body))
                self.answer(bot.statuses.pop(0) if bot.statuses else 200, "")
                if not bot.is_mute:
                    bot.took(body)

            def answer(self, status: int, text: str) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.query: dict[str, str] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def took(self, body: bytes) -> None:
        """Something came, and was acknowledged."""

    def close(self) -> None:
        """Listen no longer."""
        self.server.shutdown()
        self.server.server_close()

    def values(self, kind: str = "messages") -> list[dict[str, Any]]:
        """Everything of a kind that was delivered, in order."""
        return [item for value in self.changes() for item in value.get(kind, [])]

    def changes(self) -> list[dict[str, Any]]:
        """The value of each change that was delivered."""
        payloads = [json.loads(body) for _, body in self.deliveries]
        return [change["value"] for payload in payloads for entry in payload["entry"] for change in entry["changes"]]


class Requests:
    """Requests as a bot would make them."""

    def __init__(self, meta: GraphServer) -> None:
        self.meta = meta
        self.headers = {"Authorization": f"Bearer {meta.account.access_token}"}

    def post(self, payload: Any, **changed: Any) -> httpx.Response:
        url = changed.pop("url", f"{self.meta.url}/{self.meta.account.phone_number_id}/messages")
        return httpx.post(url, **{"json": payload, "headers": self.headers, "timeout": 60, **changed})

    def send(self, **content: Any) -> httpx.Response:
        return self.post({"messaging_product": "whatsapp", "to": NUMBER, **content})

    def text(self, body: str = "Hi", timeout: httpx.Timeout | None = None, **more: Any) -> httpx.Response:
        message = {"messaging_product": "whatsapp", "to": NUMBER, "type": "text", "text": {"body": body}, **more}
        return self.post(message, **({"timeout": timeout} if timeout else {}))

    def interactive(self, interactive: dict[str, Any]) -> httpx.Response:
        return self.send(type="interactive", interactive=interactive)

    def get(self, path: str, **query: str) -> httpx.Response:
        return httpx.get(f"{self.meta.url}/{path}", params=query, headers=self.headers, timeout=60)
