"""Custom actions run in the server's own process: `action_endpoint: {url: "inproc:actions"}`.

The rasa-sdk Action classes stay as they are, so `bot rasa run actions` serves the same package on a
machine of its own. An action that blocks in here blocks the server: actions must not wait for anything.
"""

import functools
import importlib
import json
from typing import Any

SCHEME = "inproc:"


def serve_in_process(endpoint_config: Any) -> None:
    """Let EndpointConfig.from_dict make an in-process endpoint of a URL that says so.

    Args:
        endpoint_config: rasa.utils.endpoints.EndpointConfig.
    """
    from rasa.utils.endpoints import ClientResponseError
    from rasa_sdk.interfaces import ActionExecutionRejection

    class InProcessEndpoint(endpoint_config):  # type: ignore[misc]
        """An action endpoint that calls the action instead of a server."""

        def __init__(self, url: str, **kwargs: Any) -> None:
            super().__init__(url, **kwargs)
            self.executor = _executor(url.removeprefix(SCHEME))

        async def request(self, *_: Any, **kwargs: Any) -> Any:
            """Run the action that kwargs["json"] names; the response is as the action server's.

            Raises:
                ClientResponseError: with status 400, when the action rejects its execution.
            """
            try:
                return await self.executor.run(kwargs["json"])
            except ActionExecutionRejection as rejection:
                body = {"error": rejection.message, "action_name": rejection.action_name}
                raise ClientResponseError(400, rejection.message, json.dumps(body)) from rejection

        def copy(self) -> "InProcessEndpoint":
            return InProcessEndpoint(self.url)

    from_dict = endpoint_config.from_dict

    def make(cls: type, data: dict[str, Any]) -> Any:
        local = isinstance(data.get("url"), str) and data["url"].startswith(SCHEME)
        return InProcessEndpoint(**data) if local else from_dict(data)

    endpoint_config.from_dict = classmethod(make)


@functools.cache
def _executor(package: str) -> Any:
    """The actions of a package, imported at the start, so that a broken one shows before a customer writes."""
    from rasa.shared.exceptions import InvalidConfigException
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    try:
        importlib.import_module(package)
        executor.register_package(package)
    except (ImportError, SystemExit) as error:  # rasa_sdk exits when it cannot import a module of the package
        raise InvalidConfigException(f"The actions '{package}' cannot be imported: {error}") from error
    return executor
