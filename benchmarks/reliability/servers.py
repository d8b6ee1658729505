"""PostgreSQL, Redis and two workers, each worker killed and started again."""

import random
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from bot.runtime import archive

sys.path.append(str(archive.ROOT / "tests"))
from postgres import postgres
from processes import Running, copy_of_project, free_port
from redis_server import redis

START_SECONDS = 300.0


@dataclass(frozen=True)
class Kill:
    """When a worker was killed, and when it listened again (0: not any more)."""

    at: float
    worker: int
    back: float = 0.0


class Worker:
    """One `bot run --public`, on a port of its own."""

    def __init__(self, place: int, project: Path, logs: Path, settings: dict[str, str]) -> None:
        self.place = place
        self.port = free_port()
        self.logs: list[Path] = []
        self._project, self._folder = project, logs
        self._settings = settings | {"PORT": str(self.port)}
        self._running: Running | None = None

    def start(self) -> None:
        """Start it; it takes some ten seconds until it listens."""
        log = self._folder / f"worker{self.place}-{len(self.logs)}.log"
        self.logs.append(log)
        self._running = Running("run", "--public", project=self._project, log=log, **self._settings)

    @property
    def listens(self) -> bool:
        """Whether a customer's message would reach it.

        Raises:
            RuntimeError: it ended by itself.
        """
        if self._running is not None and self._running.process.poll() is not None:
            raise RuntimeError(f"A worker ended by itself: {self._running.output[-2000:]}")
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def ready(self) -> None:
        """Wait until it listens."""
        end = time.time() + START_SECONDS
        while not self.listens:
            if time.time() > end:
                raise RuntimeError(f"A worker did not start: {self.logs[-1].read_text()[-2000:]}")
            time.sleep(0.1)

    def kill(self) -> float:
        """SIGKILL; when it was gone, which is after all that it sent."""
        assert self._running is not None
        self._running.process.kill()
        self._running.process.wait()
        return time.time()


@dataclass
class Workers:
    """Both workers and what was done to them."""

    workers: list[Worker]
    kills: list[Kill] = field(default_factory=list)

    @property
    def webhooks(self) -> list[str]:
        """Where Meta delivers to."""
        return [f"http://127.0.0.1:{worker.port}/webhooks/whatsapp/webhook" for worker in self.workers]

    def start(self) -> None:
        """Start both and wait for them."""
        for worker in self.workers:
            worker.start()
        for worker in self.workers:
            worker.ready()

    def kill(self, moments: Sequence[float], began: float, seed: int, stop: threading.Event) -> None:
        """Kill one of those that listen at each moment, or as soon as one does, and start it again at once."""
        chance = random.Random(seed)
        down: dict[int, int] = {}  # which kill took a worker down
        left = list(moments)
        while (left or down) and not stop.wait(0.1):
            up = [worker for worker in self.workers if worker.listens]
            for worker in up:
                if worker.place in down:
                    place = down.pop(worker.place)
                    self.kills[place] = replace(self.kills[place], back=time.time())
            if left and up and time.time() >= began + left[0]:
                left.pop(0)
                worker = chance.choice(up)
                down[worker.place] = len(self.kills)
                self.kills.append(Kill(worker.kill(), worker.place))
                worker.start()

    def stop(self) -> None:
        """End both."""
        for worker in self.workers:
            if worker.logs:
                worker.kill()


@contextmanager
def servers(folder: Path, meta: Mapping[str, str]) -> Iterator[tuple[Workers, str]]:
    """Two workers, not yet started, on one PostgreSQL and one Redis; and the address of the database.

    Args:
        folder: for the copy of the project and the logs.
        meta: the environment with which Meta's stand-in is reached.
    """
    with postgres(durable=True) as database, redis(folder) as lock_port:
        project = copy_of_project(folder / "project", archive.model_for(archive.DOCUMENTS))
        endpoints = {
            "action_endpoint": {"url": "inproc:actions"},
            "tracker_store": {"type": "SQL", **database},
            "lock_store": {"type": "redis", "url": "127.0.0.1", "port": lock_port},
        }
        (project / "bot" / "endpoints.yml").write_text(yaml.safe_dump(endpoints), encoding="utf-8")
        settings = {
            "BOT_SECRET_KEY": "k" * 32,
            "BOT_ALLOWED_ORIGINS": "https://shop.example",
            "BOT_TRUSTED_PROXIES": "127.0.0.1",
            **meta,
        }
        workers = Workers([Worker(place, project, folder, settings) for place in range(2)])
        try:
            yield workers, f"postgresql://bot@127.0.0.1:{database['port']}/{database['db']}"
        finally:
            workers.stop()
