"""The servers of a supplier, in threads of the test: one that takes calls, one that takes mail."""

import base64
import email
import email.policy
import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


def until(true: Callable[[], Any], seconds: float = 90) -> Any:
    """What something becomes that is empty or false at first."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "It did not come."
        time.sleep(0.02)
    return found


class Call(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """Takes calls and answers what `answer` says: a status and a value for JSON."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answer: Callable[[Call], tuple[int, Any]] = lambda call: (204, None)
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                call = Call(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                receiver.calls.append(call)
                status, value = receiver.answer(call)
                content = b"" if value is None else json.dumps(value).encode()
                with suppress(OSError):  # whoever called was killed
                    self.send_response(status)
                    self.send_header("content-length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def bodies(self) -> list[Any]:
        return [call.json for call in self.calls]

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Mailbox:
    """A mail server: what it was sent, and who logged in. With a context it offers STARTTLS, or speaks TLS alone."""

    def __init__(self, host: str = "127.0.0.1", context: ssl.SSLContext | None = None, at_once: bool = False) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[str] = []
        self.encrypted: list[bool] = []
        self.refuses = 0
        mailbox = self

        class Handler(socketserver.StreamRequestHandler):
            def reply(self, *lines: str) -> None:
                text = [f"{line[:3]}{'-' if n + 1 < len(lines) else ' '}{line[4:]}" for n, line in enumerate(lines)]
                self.wfile.write("".join(f"{line}\r\n" for line in text).encode())

            def handle(self) -> None:
                safe = at_once
                self.reply("220 mail.example")
                while line := self.rfile.readline().decode().strip():
                    word, _, rest = line.partition(" ")
                    match word.upper():
                        case "EHLO":
                            offers = ["250 mail.example", "250 AUTH PLAIN"]
                            self.reply(*offers, *(["250 STARTTLS"] if context and not safe else []))
                        case "STARTTLS" if context and not safe:
                            self.reply("220 go on")
                            self.connection = context.wrap_socket(self.connection, server_side=True)
                            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
                            safe = True
                        case "AUTH":
                            mailbox.logins.append(base64.b64decode(rest.split()[1]).decode())
                            self.reply("235 come in")
                        case "MAIL" if mailbox.refuses:
                            mailbox.refuses -= 1
                            self.reply("451 not now")
                        case "MAIL" | "RCPT" | "RSET":
                            self.reply("250 good")
                        case "DATA":
                            self.reply("354 go on")
                            content = b""
                            while (part := self.rfile.readline()) != b".\r\n":
                                content += part.removeprefix(b".") if part.startswith(b"..") else part
                            mail = email.message_from_bytes(content, policy=email.policy.default)
                            assert isinstance(mail, EmailMessage)
                            mailbox.mails.append(mail)
                            mailbox.encrypted.append(safe)
                            self.reply("250 taken")
                        case "QUIT":
                            self.reply("221 bye")
                            return
                        case _:
                            self.reply("500 what?")

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server((host, 0), Handler)
        if context and at_once:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]

    def __enter__(self) -> "Mailbox":
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def serving(desk: Any) -> Iterator[None]:
    """The server's loop in a thread of its own, while the block runs."""
    import asyncio

    from bot.handover import service

    loop = asyncio.new_event_loop()

    def work() -> None:
        asyncio.set_event_loop(loop)
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    task = loop.create_task(service.run(desk, lambda name: f"<{name}>"))
    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(30)
        assert not thread.is_alive()
        loop.close()
