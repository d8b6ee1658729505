"""What the server has beside its channels: /health, /widget.js, the demo page in local mode, errors as JSON."""

import asyncio
import hashlib
import logging
from typing import Any

from rasa.server import add_root_route
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.errors import origin
from bot.runtime.archive import ROOT

logger = logging.getLogger(__name__)

DEMO, WIDGET = ROOT / "bot" / "demo", ROOT / "bot" / "widget" / "dist" / "widget.js"
STORE_SECONDS = 5  # after which a database that does not answer counts as one that cannot be read
ERRORS = {404: "There is nothing at this address.", 405: "This address takes another method.", 413: "This is too long."}


def add(app: Sanic, demo: bool) -> None:
    """Add them to an app."""
    app.error_handler.add(Exception, _error)
    app.add_route(_health, "/health", methods=["GET"])
    app.add_route(_widget, "/widget.js", methods=["GET"])
    if not demo:
        return
    add_root_route(app)
    app.static("/demo", str(DEMO / "index.html"), name="demo", content_type="text/html; charset=utf-8")
    app.static("/demo.css", str(DEMO / "demo.css"), name="demo_style", content_type="text/css; charset=utf-8")


def _said(status: int, code: str, message: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": message}}, status, {"Cache-Control": "no-store"})


def _error(request: Request | None, error: Exception) -> HTTPResponse:
    """What no channel answered: a wrong address or method, a body too long for any, or a fault of ours."""
    status = error.status_code if isinstance(error, SanicException) else 500
    if status >= 500:
        logger.error("A request to %s failed: %s", request.path if request else "?", origin(error))
    codes = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
    code = codes.get(status, "failed" if status >= 500 else "bad_request")
    return _said(status, code, ERRORS.get(status, "This request cannot be answered."))


async def _health(request: Request) -> HTTPResponse:
    """Whether a message could be answered now: a model is loaded, and conversations can be read."""
    agent, store = (getattr(request.app.ctx, name, None) for name in ("agent", "store"))
    if agent is None or store is None or not agent.is_ready():
        return _said(503, "no_model", "No model is loaded.")
    try:
        # A database over a network may keep one waiting.
        await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(None, store.check), STORE_SECONDS)
    except Exception as error:  # every driver has exceptions of its own
        logger.error("The store cannot be read: %s", origin(error))
        return _said(503, "no_store", "The conversations cannot be read.")
    return response.json({"status": "ok"}, headers={"Cache-Control": "no-store"})


async def _widget(request: Request) -> HTTPResponse:
    """The chat widget's script, for pages of any origin."""
    try:
        content = WIDGET.read_bytes()
    except OSError:
        return _said(404, "not_built", "The widget is not built: see docs/deploying.md.")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers: dict[str, Any] = {
        "ETag": tag,
        "Cache-Control": "public, max-age=300",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known:
        return response.empty(304, headers)
    return response.raw(content, headers=headers, content_type="text/javascript; charset=utf-8")
