"""What strangers send to WhatsApp's webhook, at least 100,000 times over HTTP, while customers write and are answered.

    python -m benchmarks.whatsapp_hostile [--requests 100000]

It starts `bot run` from a copy of the project, with a database of its own and a server in Meta's place that takes every
message, and ends with 1 where a status is not as it must be, or anything of a forgery was kept. Needs the development
tools, and a trained model (`make run` once).
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from benchmarks.processes import free_port

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "tests" / "channels" / "whatsapp" / "fixtures"
PARTS = ("bot", "actions", "data", "config.yml", "requirements.lock")
NUMBER, SECRET = "100000000000001", "an app secret of the benchmark"
LARGEST = 3 * 1024 * 1024
QUESTIONS = ("does it help sore muscles?", "how often should I use it?", "I have a pacemaker", "hello", "why?")
# Of a hundred requests; what is left forges a signature.
SHARES = {
    "written": 2,
    "mutated": 25,
    "nonsense": 10,
    "truncated": 15,
    "unsigned": 15,
    "oversized": 0.05,
    "endless": 0.05,
}
EXPECTED = {
    "written": {200},
    "mutated": {200},
    "nonsense": {200},
    "truncated": {401},
    "unsigned": {401},
    "oversized": {413},
    "endless": {413},
    "forged": {401},
}
MILLISECONDS = 1000


class Meta(BaseHTTPRequestHandler):
    """In Meta's place: every message is taken."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a message."""
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"messages": [{"id": f"wamid.OUT{random.getrandbits(64)}"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Strangers:
    """Requests of every kind, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._deliveries = [json.loads(file.read_text()) for file in sorted(FIXTURES.glob("*.json"))]
        self.written: set[str] = set()

    def next(self) -> tuple[str, bytes, str | None]:
        """A kind, a body and the signature that goes with it."""
        at = self._random.uniform(0, 100)
        for kind, share in SHARES.items():
            at -= share
            if at < 0:
                body, signature = getattr(self, f"_{kind}")()
                return kind, body, signature
        return "forged", *self._forged()

    def _written(self) -> tuple[bytes, str]:
        id = f"wamid.WRITTEN{len(self.written)}"
        self.written.add(id)
        body = self._message(id)
        return body, sign(body)

    def _message(self, id: str) -> bytes:
        phone = f"1555{self._random.randrange(500):07}"
        message = {"from": phone, "id": id, "timestamp": str(int(time.time())), "type": "text"}
        message["text"] = {"body": self._random.choice(QUESTIONS)}  # type: ignore[assignment]
        metadata = {"display_phone_number": "15550990000", "phone_number_id": NUMBER}
        value = {"metadata": metadata, "contacts": [{"wa_id": phone}], "messages": [message]}
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def _mutated(self) -> tuple[bytes, str]:
        delivery = json.loads(json.dumps(self._random.choice(self._deliveries)))
        for _ in range(self._random.randint(1, 3)):
            inner = self._random.choice([each for each in _containers(delivery) if each] or [{"": None}])
            key = self._random.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
            inner[key] = self._anything()
        body = json.dumps(delivery).encode()
        return body, sign(body)

    def _anything(self) -> Any:
        text = "".join(map(chr, (self._random.choice((0, 10, 65, 0x664, 0xD83D, 0x1F44D)) for _ in range(5))))
        simple = (None, True, -1, 10**30, 1e300, float("nan"), "", "a" * 9000, text, self._random.random())
        return self._random.choice((*simple, [], {}, [None], {"id": 1}, [[[]]], {"type": {"type": []}}))

    def _nonsense(self) -> tuple[bytes, str]:
        body = self._random.randbytes(self._random.randrange(300))
        return body, sign(body)

    def _truncated(self) -> tuple[bytes, str]:
        body = self._message("wamid.FORGED")
        return body[: self._random.randrange(len(body))], sign(body)

    def _unsigned(self) -> tuple[bytes, str | None]:
        body = self._random.choice((self._message("wamid.FORGED"), self._random.randbytes(self._random.randrange(300))))
        return body, self._random.choice((None, "", "sha256=", "sha1=0", "\x7f" * 9))

    def _forged(self) -> tuple[bytes, str]:
        body = self._message("wamid.FORGED")
        right = sign(body)
        at = self._random.randrange(7, len(right))
        wrong = self._random.choice([each for each in "0123456789abcdef" if each != right[at]])
        return body, self._random.choice(
            (right[:at] + wrong + right[at + 1 :], right[:-1], sign(body, "another secret"))
        )

    def _oversized(self) -> tuple[bytes, str]:
        body = b" " * (LARGEST + 1)
        return body, sign(body)

    def _endless(self) -> tuple[bytes, str]:
        return b"", ""


def _containers(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [] if inner is None else [value, *(found for each in inner for found in _containers(each))]


def sign(body: bytes, secret: str = SECRET) -> str:
    """What Meta signs a body with."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def send(strangers: Strangers, port: int, left: list[int], told: list[tuple[str, int, float]]) -> None:
    """Send over one connection, and again over another when it is closed, until enough was sent."""
    reader = writer = None
    while left[0] > 0:
        left[0] -= 1
        kind, body, signature = strangers.next()
        length = 10**10 if kind == "endless" else len(body)
        fields = f"Content-Length: {length}\r\n" + (
            f"X-Hub-Signature-256: {signature}\r\n" if signature is not None else ""
        )
        head = f"POST /webhooks/whatsapp/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n{fields}\r\n"
        if writer is None or reader is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        began = time.perf_counter()
        writer.write(head.encode() + body)
        with suppress(ConnectionError):
            await writer.drain()
        status = 0
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            status = int(answer.split()[1])
            size = next((line.split(":")[1] for line in answer.splitlines() if line.startswith("content-length")), "0")
            await reader.readexactly(int(size))
        told.append((kind, status, time.perf_counter() - began))
        if kind == "endless" or status in (0, 413) or "connection: close" in answer:
            writer.close()
            reader = writer = None


def percentile(values: list[float], share: float) -> float:
    """The value below which a share of them lies, in milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * MILLISECONDS


def copy(folder: Path) -> Path:
    """The project in another folder, where its database is another one."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(ROOT / part, folder / part)
    (folder / "models").symlink_to(ROOT / "models")
    return folder


def main() -> int:
    """Start everything, send, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    meta = ThreadingHTTPServer(("127.0.0.1", 0), Meta)
    threading.Thread(target=meta.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="hostile") as folder:
        project, port = copy(Path(folder)), free_port()
        given = {
            "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
            "WHATSAPP_ACCESS_TOKEN": "token",
            "WHATSAPP_APP_SECRET": SECRET,
            "WHATSAPP_VERIFY_TOKEN": "token",
            "WHATSAPP_API_URL": f"http://127.0.0.1:{meta.server_port}/v25.0",
            "PYTHONPATH": str(project),
        }
        log = project / "log"
        command = [sys.executable, "-u", "-m", "bot", "run", "--port", str(port)]
        with log.open("w") as output:
            server = subprocess.Popen(command, cwd=project, env={**os.environ, **given}, stdout=output, stderr=output)
        try:
            while "WhatsApp:" not in log.read_text():
                if server.poll() is not None:
                    sys.exit(log.read_text())
                time.sleep(0.2)
            return measure(asked, port, project / "var" / "conversations.db", log)
        finally:
            server.terminate()
            server.wait()


def measure(asked: argparse.Namespace, port: int, database: Path, log: Path) -> int:
    """Send all requests and print what came of them; 1 where anything is not as it must be."""
    strangers, left, told = Strangers(asked.seed), [asked.requests], list[tuple[str, int, float]]()

    async def run() -> None:
        await asyncio.gather(*(send(strangers, port, left, told) for _ in range(asked.connections)))

    began = time.perf_counter()
    asyncio.run(run())
    seconds = time.perf_counter() - began
    print(f"{len(told)} requests in {seconds:.0f} s over {asked.connections} connections\n")
    print(f"{'kind':<10} {'requests':>8}  {'statuses':<28} {'p50 ms':>8} {'p99 ms':>8}")
    wrong = 0
    for kind, expected in EXPECTED.items():
        times = [took for each, _, took in told if each == kind]
        statuses = Counter(status for each, status, _ in told if each == kind)
        wrong += sum(number for status, number in statuses.items() if status not in expected)
        if times:
            p50, p99 = percentile(times, 0.5), percentile(times, 0.99)
            print(f"{kind:<10} {len(times):>8}  {dict(statuses)!s:<28} {p50:>8.1f} {p99:>8.1f}")
    connection = sqlite3.connect(database)
    kept = {id for (id,) in connection.execute("SELECT id FROM bot_inbox")}
    answered = connection.execute(
        "SELECT count(*) FROM bot_inbox WHERE id LIKE 'wamid.WRITTEN%' AND done = 1"
    ).fetchone()[0]
    sent = connection.execute("SELECT count(*) FROM bot_outbox WHERE state = 'sent'").fetchone()[0]
    lost, forged = len(strangers.written - kept), len([id for id in kept if "FORGED" in id])
    print(
        f"\n{len(strangers.written)} messages of customers: {lost} lost, {answered} answered by now in {sent} replies"
    )
    tracebacks = log.read_text().count("Traceback")
    print(f"forgeries kept: {forged}; statuses that must not be: {wrong}; tracebacks: {tracebacks}")
    return 1 if wrong or forged or lost else 0


if __name__ == "__main__":
    sys.exit(main())
