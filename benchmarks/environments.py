"""The two environments that are compared, each with run-time dependencies alone, made on demand."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.errors import BotError

ROOT = Path(__file__).parents[1]
WORK = ROOT / "benchmarks" / "work"
LOCK = ROOT / "requirements.lock"
STOCK_REQUIREMENT = "rasa==3.6.21"
MARKER = ".ready"
MIB = 1024 * 1024
# Not compiled at once: after a run an environment holds the compiled files of what was used, and no others.
INSTALL = ["-m", "pip", "install", "--no-compile", "--disable-pip-version-check"]

# What a developer's shell may say to Python, Rasa or this project, and what would change a measurement.
CLEARED = (
    "BOT_CACHE",
    "LOG_LEVEL",
    "PORT",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONHOME",
    "PYTHONPATH",
    "SANIC_HOST",
    "SANIC_WORKERS",
    "VIRTUAL_ENV",
)
SET = {
    "CUDA_VISIBLE_DEVICES": "-1",  # both on the processor
    "PYTHONUNBUFFERED": "1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SANIC_HOST": "127.0.0.1",  # where stock's action server listens; its default is every address
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TQDM_DISABLE": "1",
}


class BenchmarkError(BotError):
    """The benchmark cannot go on; the message says what to do."""


def surroundings() -> dict[str, str]:
    """The environment variables of every process that is measured."""
    return {name: value for name, value in os.environ.items() if name not in CLEARED} | SET


def run(command: list[str | Path], log: Path, folder: Path = ROOT) -> None:
    """Run a command to its end with its output in a file.

    Raises:
        BenchmarkError: it failed.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=surroundings(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise BenchmarkError(f"'{Path(command[0]).name} {command[1]} ...' failed; its output is in {log}.")


def ours() -> Path:
    """The folder of an environment with requirements.lock alone and the sentence encoder made from it."""
    folder, logs = WORK / "ours" / "env", WORK / "logs"
    python = folder / "bin" / "python"
    wanted = f"{sys.version_info[:3]} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if _is_ready(folder, wanted):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    run([sys.executable, "-m", "venv", folder], logs / "ours-venv.log")
    options = ["--no-deps", "--require-hashes", "--ignore-requires-python"]
    run([python, *INSTALL, *options, "-r", LOCK], logs / "ours-install.log")
    run([python, "-m", "bot.understanding.encoder"], logs / "ours-encoder.log")
    (folder / MARKER).write_text(wanted, encoding="utf-8")
    return folder


def stock(given: Path | None) -> Path:
    """The folder of an environment with rasa 3.6.21 and all that it asks for, on Python 3.10.

    Args:
        given: a ready one; without it, one is made.

    Raises:
        BenchmarkError: there is no Python 3.10, or the one given is no such environment.
    """
    if given is not None:
        if not (given / "bin" / "rasa").is_file():
            raise BenchmarkError(f"{given} is no environment with Rasa: there is no bin/rasa in it.")
        return given.absolute()
    folder, logs = WORK / "stock" / "env", WORK / "logs"
    if _is_ready(folder, STOCK_REQUIREMENT):
        return folder
    python = shutil.which("python3.10")
    if python is None or subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode:
        raise BenchmarkError("Stock Rasa 3.6.21 needs Python 3.10, and there is no working 'python3.10' on the PATH.")
    shutil.rmtree(folder, ignore_errors=True)
    run([python, "-m", "venv", folder], logs / "stock-venv.log")
    run([folder / "bin" / "python", *INSTALL, STOCK_REQUIREMENT], logs / "stock-install.log")
    (folder / MARKER).write_text(STOCK_REQUIREMENT, encoding="utf-8")
    return folder


def _is_ready(folder: Path, wanted: str) -> bool:
    marker = folder / MARKER
    return marker.is_file() and marker.read_text(encoding="utf-8") == wanted


def size(folder: Path, compiled: bool = True) -> float:
    """MiB of all files in a folder; links are not followed.

    Args:
        compiled: count the compiled files too.
    """
    files = (
        Path(at, name).lstat() for at, _, names in os.walk(folder) for name in names if compiled or name[-4:] != ".pyc"
    )
    return sum({(file.st_dev, file.st_ino): file.st_size for file in files}.values()) / MIB


def size_all_compiled(folder: Path) -> float:
    """MiB of an environment if every module in it were compiled, as pip does unless told otherwise.

    The environment itself is left as it is: the compiled files are made and counted elsewhere.
    """
    with tempfile.TemporaryDirectory(dir=WORK) as elsewhere:
        command: list[str | Path] = [folder / "bin" / "python", "-X", f"pycache_prefix={elsewhere}", "-m", "compileall"]
        command += ["-q", "-j", "0", folder / "lib"]
        # It fails where a package holds a template that is no Python; those are not compiled by pip either.
        subprocess.run(command, env=surroundings(), capture_output=True, check=False)
        made = size(Path(elsewhere))
    if not made:
        raise BenchmarkError(f"Nothing could be compiled with the Python of {folder}.")
    return size(folder, compiled=False) + made


def python_version(folder: Path) -> str:
    """For example 3.10.13."""
    command: list[str | Path] = [folder / "bin" / "python", "-c", "import platform; print(platform.python_version())"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
