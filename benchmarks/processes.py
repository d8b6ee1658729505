"""Servers that are started, asked, measured and stopped. Needs /proc, so Linux."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.environments import BenchmarkError, surroundings

HOST = "127.0.0.1"
PATIENCE = 900.0  # seconds that a server may take to start, on a very busy machine
KIB_PER_MIB = 1024

Replies = list[dict[str, Any]]


def free_port() -> int:
    """A port on this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """A server process in a process group of its own, which alone is signalled at the end."""

    def __init__(self, command: list[str | Path], folder: Path, port: int, log: Path) -> None:
        self.port = port
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        self.began = time.perf_counter()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self) -> None:
        """Until the port is open.

        Raises:
            BenchmarkError: the process ended, or took too long.
        """
        while time.perf_counter() - self.began < PATIENCE:
            if self._process.poll() is not None:
                raise BenchmarkError(f"A server ended before it answered; its output is in {self.log}.")
            try:
                socket.create_connection((HOST, self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise BenchmarkError(f"A server did not answer within {PATIENCE:.0f} s; its output is in {self.log}.")

    def memory(self) -> float:
        """MiB resident, of the process and all its descendants."""
        return sum(_resident(pid) for pid in _family(self._process.pid)) / KIB_PER_MIB

    def stop(self) -> None:
        """End the process and its children; quiet when they have ended already."""
        for kind, patience in ((signal.SIGTERM, 20), (signal.SIGKILL, 20)):
            try:
                os.killpg(self._process.pid, kind)
            except ProcessLookupError:
                break
            try:
                self._process.wait(timeout=patience)
            except subprocess.TimeoutExpired:
                continue
        self._process.wait()


def _family(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # The name, in brackets, may hold spaces: the parent is the second field after it.
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended meanwhile
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


class Customer:
    """Somebody who writes over the REST channel, one message after the other on one connection."""

    def __init__(self, server: Server, name: str) -> None:
        self._name = name
        self._connection = http.client.HTTPConnection(HOST, server.port, timeout=120)
        self._connection.connect()

    def __enter__(self) -> "Customer":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, text: str) -> tuple[float, Replies]:
        """Seconds from the request's first byte to the answer's last, and the replies in it.

        Raises:
            BenchmarkError: the server refused the message.
        """
        body = json.dumps({"sender": self._name, "message": text})
        began = time.perf_counter()
        self._connection.request("POST", "/webhooks/rest/webhook", body, {"Content-Type": "application/json"})
        response = self._connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - began
        if response.status != 200:
            raise BenchmarkError(f"A server answered {response.status}: {content[:200]!r}")
        replies: Replies = json.loads(content)
        return seconds, replies
