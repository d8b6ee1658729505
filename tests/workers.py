"""`bot run` in several worker processes that share PostgreSQL and Redis."""

from pathlib import Path

import yaml
from browser import UNLIMITED
from processes import Running, copy_of_project


def workers(
    model: Path, database: dict[str, str], redis_port: int, folder: Path, port: int, number: int = 2, **given: str
) -> Running:
    """So many of them, on a copy of the project in a folder."""
    project = copy_of_project(folder / "project", model)
    endpoints = {
        "action_endpoint": {"url": "inproc:actions"},
        "tracker_store": {"type": "SQL", **database},
        "lock_store": {"type": "redis", "url": "127.0.0.1", "port": redis_port},
    }
    (project / "bot" / "endpoints.yml").write_text(yaml.safe_dump(endpoints))
    arguments = ("run", "--model", str(model), "--port", str(port))
    return Running(*arguments, project=project, log=folder / "log", **UNLIMITED | given, SANIC_WORKERS=str(number))
