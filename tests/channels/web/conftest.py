"""Servers in processes of their own, with databases of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser import UNLIMITED, WRITTEN, Browser
from processes import Running, copy_of_project, free_port


@pytest.fixture(scope="session")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("web") / "project", model)


@pytest.fixture(scope="session")
def server(model: Path, project: Path) -> Iterator[str]:
    """The address of `bot run`, whose limits nobody reaches."""
    port, log = free_port(), project / "run.log"
    with Running("run", "--model", str(model), "--port", str(port), project=project, log=log, **UNLIMITED) as running:
        running.wait_for("Ready")
        yield f"http://127.0.0.1:{port}"
        assert "Traceback" not in running.output
        assert WRITTEN not in running.output


@pytest.fixture
def customer(server: str) -> Callable[[], Browser]:  # type: ignore[override]
    """A new conversation."""
    return lambda: Browser(server)
