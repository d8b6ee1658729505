"""Several processes that serve the same, and end together: Sanic's own parent lets the others go on, or ends with 0."""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait

from bot.errors import BotError

STOPS = (signal.SIGINT, signal.SIGTERM)
GRACE = 45.0  # seconds for what is under way


class WorkerError(BotError):
    """A process ended by itself; the message says why."""


def several(work: Callable[[], None], number: int) -> None:
    """Have processes do the same, until this one gets SIGINT or SIGTERM.

    When one ends by itself, all end: whoever started this process starts it again, with all of them.

    Args:
        work: ends by itself when its process gets SIGTERM.

    Raises:
        WorkerError: one of them ended by itself.
    """
    context = multiprocessing.get_context("fork")
    told, telling = context.Pipe(duplex=False)
    processes = [context.Process(target=_work, args=(work, telling), daemon=True) for _ in range(number)]
    stopped: list[float] = []  # when

    def stop(*_: object) -> None:
        if not stopped:
            stopped.append(time.monotonic())
            for process in processes:
                process.terminate()

    for each in STOPS:
        signal.signal(each, stop)
    # A process that has just begun would obey as its parent does.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    for process in processes:
        process.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    ended = None
    while running := [process for process in processes if process.is_alive()]:
        wait([process.sentinel for process in running], 1.0)
        if not stopped:
            ended = next((process.exitcode for process in processes if process.exitcode is not None), None)
            if ended is not None:
                stop()
        elif time.monotonic() > stopped[0] + GRACE:
            for process in running:
                process.kill()
    if ended is not None:
        raise WorkerError(told.recv() if told.poll() else f"A worker process ended by itself ({_named(ended)}).")


def _named(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _work(work: Callable[[], None], telling: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all of a terminal: the parent passes it on
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        work()
    except BotError as error:
        telling.send(str(error))
        sys.exit(1)


def _end_with_parent() -> None:
    """A parent that was killed leaves nobody behind on its port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
