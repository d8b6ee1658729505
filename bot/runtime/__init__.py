"""Rasa 3.6.21, unmodified, without TensorFlow, on Python 3.11 to 3.13.

`install()` must run before the first `import rasa`; every entry point of this project calls it.
"""

import importlib.metadata
import logging
import os
import sys

import structlog

from bot.errors import origin

RASA_VERSION = "3.6.21"


def install() -> None:
    """Make `import rasa` work here; calling it again does nothing.

    Raises:
        RuntimeError: Rasa was imported before, or is another version than this runtime was made for.
    """
    from bot.runtime import compatibility, placeholders, repairs, sessions

    if placeholders.installed():
        return
    if "rasa" in sys.modules:
        raise RuntimeError("bot.runtime.install() must run before Rasa is imported.")
    version = importlib.metadata.version("rasa")
    if version != RASA_VERSION:
        raise RuntimeError(
            f"This runtime is made for rasa {RASA_VERSION}, and {version} is installed. "
            "Install requirements.lock again: make setup"
        )
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    compatibility.apply()
    _keep_messages_out_of_logs()
    placeholders.install()
    repairs.apply()
    sessions.apply()


def _keep_messages_out_of_logs() -> None:
    """Rasa's structured logger prints, unless told otherwise, every message with its text."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    logging.getLogger("rasa.core.processor").addFilter(_without_exception_text)


def _without_exception_text(record: logging.LogRecord) -> bool:
    """Rasa logs what an action raised with its text, which may quote the message."""
    if record.exc_info:
        record.msg, record.args = f"{record.getMessage()}\n{origin(record.exc_info[1])}", ()
        record.exc_info = None
    return True
