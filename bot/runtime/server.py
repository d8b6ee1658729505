"""The running assistant: an agent loaded from a model, and the web server around it."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.runtime import sharing, workers
from bot.runtime.archive import ROOT
from bot.settings import Settings

logger = logging.getLogger(__name__)

ENDPOINTS, CREDENTIALS = ROOT / "bot" / "endpoints.yml", ROOT / "bot" / "credentials.yml"
LARGEST_REQUEST = 4 * 1024 * 1024  # bytes; each channel has a bound of its own below it


class ServerError(BotError):
    """The assistant cannot be served; the message says what to do."""


async def load_agent(model: Path, endpoints_file: Path) -> Any:
    """The agent of a model with the stores and actions of an endpoints file.

    Rasa's own loader logs what goes wrong and returns an agent that cannot answer.

    Raises:
        ServerError: the model cannot be read, or a store not be reached.
    """
    from rasa.core.agent import Agent
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.tracker_store import TrackerStore

    from bot.runtime.locks import lock_store

    endpoints = _read_endpoints(endpoints_file)
    try:
        _refuse_what_cannot_work(endpoints)
        _make_database_folder(endpoints.tracker_store)
        broker = await EventBroker.create(endpoints.event_broker, loop=asyncio.get_event_loop())
        store = TrackerStore.create(endpoints.tracker_store, event_broker=broker)
        agent = Agent(
            tracker_store=store,
            lock_store=lock_store(endpoints.lock_store),
            action_endpoint=endpoints.action,
            generator=endpoints.nlg,
        )
    except ServerError:
        raise
    except Exception as error:  # every driver has exceptions of its own
        raise ServerError(f"{endpoints_file} cannot be used: {error}") from error
    # Rasa's wrapper around it carries on when a conversation cannot be read, with an empty one, and when it cannot
    # be saved: a contraindication would be forgotten without a word.
    agent.tracker_store = store
    try:
        agent.load_model(str(model))
    except Exception as error:  # so has every component
        reason = str(error).rstrip(".")
        raise ServerError(f"The model {model} cannot be loaded: {reason}. Train a new one: bot train") from error
    return agent


def _read_endpoints(file: Path) -> Any:
    from rasa.core.utils import AvailableEndpoints

    if not file.is_file():
        # Rasa would go on without: with conversations in memory, and no actions.
        raise ServerError(f"There is no endpoints file {file}.")
    try:
        return AvailableEndpoints.read_endpoints(str(file))
    except Exception as error:  # of YAML, or of the actions that are imported here
        raise ServerError(f"{file} cannot be used: {error}") from error


def _refuse_what_cannot_work(endpoints: Any) -> None:
    number = os.environ.get("SANIC_WORKERS", "1")
    if not number.isdigit() or int(number) < 1:
        raise ServerError(f"SANIC_WORKERS must be a number of processes, not {number!r}.")
    if int(number) == 1:
        return
    store = endpoints.tracker_store
    if store is None or store.kwargs.get("dialect", "sqlite") == "sqlite":
        raise ServerError(f"SANIC_WORKERS={number} cannot share SQLite: set tracker_store to PostgreSQL, or use 1.")
    if endpoints.lock_store is None or endpoints.lock_store.type != "redis":
        raise ServerError(f"SANIC_WORKERS={number} cannot share locks in memory: set lock_store to redis, or use 1.")


def storage() -> str:
    """Where conversations are kept and for how many processes, as a sentence.

    Raises:
        ServerError: so many processes cannot share it, or the endpoints file cannot be read.
    """
    endpoints = _read_endpoints(ENDPOINTS)
    _refuse_what_cannot_work(endpoints)
    number = int(os.environ.get("SANIC_WORKERS", "1"))
    store = endpoints.tracker_store
    kind = "SQLite" if store is None or store.kwargs.get("dialect", "sqlite") == "sqlite" else "PostgreSQL"
    return f"Conversations are kept in {kind}, for {number} {'process' if number == 1 else 'processes'}."


def _make_database_folder(store: Any) -> None:
    if store is not None and store.kwargs.get("dialect") == "sqlite" and store.kwargs.get("db"):
        Path(store.kwargs["db"]).parent.mkdir(parents=True, exist_ok=True)


def _hold_file(store: Any, answers_whatsapp: bool) -> None:
    """Have a SQLite database for this process alone, until it ends.

    A conversation of WhatsApp is answered by one worker at a time, and workers agree on that over PostgreSQL only.

    Raises:
        ServerError: another process has it, and WhatsApp is on.
    """
    if store is None or store.kwargs.get("dialect", "sqlite") != "sqlite" or not store.kwargs.get("db"):
        return
    _make_database_folder(store)
    database = store.kwargs["db"]
    if sharing.is_alone_on_file(database):
        return
    if answers_whatsapp:
        raise ServerError(
            f"Another `bot run` answers from {database}: stop it first, or set tracker_store to PostgreSQL, which"
            " they can share."
        )
    logger.warning(sharing.RISK)


def _hold_server(engine: Any, locks: Any) -> None:
    shares = locks is not None and locks.type == "redis"
    if engine.dialect.name == "postgresql" and not sharing.is_alone_on_server(engine, shares):
        logger.warning(sharing.RISK)


def refuse_busy_port(host: str, port: int) -> None:
    """Raise ServerError when somebody listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerError(
                f"Port {port} cannot be used: {error.strerror}. Choose another: PORT=5006 make run"
            ) from None


def serve(model: Path, host: str, port: int, settings: Settings, ready: Callable[[], None]) -> None:
    """Serve the channels of credentials.yml, the widget and /health until the process is told to stop.

    In public mode only the channels that say that they may be published; else the demo page as well. A channel that
    is off by the settings is not there.

    Args:
        ready: called when the first message can be answered.

    Raises:
        ServerError: see `load_agent`; or credentials.yml names a channel that does not exist, or WhatsApp is
            answered from the same SQLite by another process.
        WorkerError: one of several processes ended by itself.
        StoreError: the database cannot hold what the project keeps.
    """
    from rasa.core.channels.channel import register
    from rasa.core.run import close_resources, create_http_input_channels
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.core.utils import number_of_sanic_workers
    from rasa.shared.exceptions import RasaException
    from sanic import Sanic
    from sqlalchemy.exc import SQLAlchemyError  # type: ignore[import-untyped]

    from bot.answers.responses import Responses
    from bot.channels.limits import Limits
    from bot.handover import Desk, service
    from bot.runtime import pages
    from bot.store import Store

    endpoints = _read_endpoints(ENDPOINTS)
    try:
        channels = create_http_input_channels(None, str(CREDENTIALS))
    except RasaException as error:
        raise ServerError(str(error)) from error
    channels = [channel for channel in channels if not settings.public or getattr(channel, "PUBLIC", False)]
    channels = [channel for channel in channels if not hasattr(channel, "is_on") or channel.is_on(settings)]
    # Not Rasa's own app: it answers every origin's preflight, and says its version at the root.
    app = Sanic("bot", configure_logging=False)
    app.config.update(
        REQUEST_MAX_SIZE=LARGEST_REQUEST,
        RESPONSE_TIMEOUT=settings.reply_seconds + 30,  # the channels answer sooner
        KEEP_ALIVE_TIMEOUT=120,
    )
    app.ctx.settings = settings
    _hold_file(endpoints.tracker_store, settings.whatsapp is not None)
    register(channels, app, "/webhooks/")
    pages.add(app, demo=not settings.public)

    async def load(app: Any, _: Any) -> None:
        try:
            agent = await load_agent(model, ENDPOINTS)
            if not isinstance(agent.tracker_store, SQLTrackerStore):
                raise ServerError(f"{ENDPOINTS} names no tracker_store of type SQL, which holds the conversations.")
            try:
                app.ctx.store = Store(agent.tracker_store.engine)
                _hold_server(agent.tracker_store.engine, endpoints.lock_store)
            except SQLAlchemyError as error:
                reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")
                raise ServerError(f"The tracker_store of {ENDPOINTS} cannot be reached: {reason}.") from error
            app.ctx.desk = Desk(app.ctx.store.engine, settings.handover)
            app.ctx.limits = Limits(settings, endpoints.lock_store)
            app.ctx.agent = agent
            words = Responses(service.FALLBACK | (agent.domain.responses or {}))
            app.ctx.handovers = asyncio.create_task(service.run(app.ctx.desk, words))
        except BaseException:
            # A BotError or Ctrl-C, raised through Sanic, which would report it with a traceback.
            logging.getLogger("sanic.error").disabled = True
            raise

    async def started(*_: Any) -> None:
        ready()

    async def stop(app: Any, _: Any) -> None:
        handovers = getattr(app.ctx, "handovers", None)
        if handovers is not None:
            handovers.cancel()
            await asyncio.gather(handovers, return_exceptions=True)

    # Sanic advises its developers' mode on a terminal.
    logging.getLogger("sanic.error").addFilter(lambda record: "PRODUCTION mode" not in record.getMessage())
    app.register_listener(load, "before_server_start")
    app.register_listener(started, "after_server_start")
    app.register_listener(stop, "before_server_stop")
    app.register_listener(close_resources, "after_server_stop")
    number = number_of_sanic_workers(endpoints.lock_store)
    if number == 1:
        app.run(host=host, port=port, access_log=False)
        return
    with socket.create_server((host, port)) as listening:
        workers.several(lambda: app.run(sock=listening, access_log=False), number)
