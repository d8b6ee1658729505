"""A PostgreSQL server of a test's own, where its programs are installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from processes import free_port


@contextmanager
def postgres(durable: bool = False) -> Iterator[dict[str, str]]:
    """A running server, as the settings of `tracker_store` in an endpoints file; the test is skipped without one.

    Args:
        durable: whether it waits for the disk with each commit, as a real one does.
    """
    initdb = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if initdb is None:
        pytest.skip("PostgreSQL is not installed.")
    user = None
    if os.geteuid() == 0:  # as whom it refuses to run
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("There is no user postgres to run PostgreSQL as.")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        control, port = Path(initdb).resolve().with_name("pg_ctl"), free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync={'on' if durable else 'off'}"

        def run(*command: str | Path) -> None:
            as_user = {"user": user.pw_uid, "group": user.pw_gid} if user else {}
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120, **as_user)  # type: ignore[call-overload]

        run(initdb, "-D", f"{folder}/data", "-U", "bot", "-A", "trust", "-E", "UTF8", "--locale=C")
        # Its output would keep the pipe of a finished pg_ctl open.
        run(control, "-D", f"{folder}/data", "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield {"dialect": "postgresql", "url": "127.0.0.1", "port": str(port), "db": "postgres", "username": "bot"}
        finally:
            run(control, "-D", f"{folder}/data", "-m", "immediate", "-w", "stop")


def emptied(settings: dict[str, str]) -> dict[str, Any]:
    """The same database without any table, as a SQLTrackerStore is told of it."""
    from rasa.core.tracker_store import SQLTrackerStore

    place: dict[str, Any] = dict(settings)
    place["host"] = place.pop("url")
    engine = SQLTrackerStore(**place).engine
    with engine.begin() as connection:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.exec_driver_sql(tables).fetchall():
            connection.exec_driver_sql(f"DROP TABLE {table}")
    engine.dispose()
    return place
