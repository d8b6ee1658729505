"""Requests to the web channel as a browser sends them."""

import json
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import Any

ROOT = "/webhooks/web"
KEY = "a key of the tests, which is long enough"
WRITTEN = "aardvark-4711"  # what no log may repeat
# For servers whose limits are not what is tested.
UNLIMITED = {"BOT_SECRET_KEY": KEY, "BOT_SESSION_LIMIT": "100000/minute", "BOT_ADDRESS_LIMIT": "100000/minute"}


@dataclass(frozen=True)
class Response:
    """What came back; `data` is its JSON, None where it has no body."""

    status: int
    headers: Any
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body) if self.body else None

    @property
    def refusal(self) -> tuple[int, str]:
        """Status and code of an error, which says in a sentence what is wrong."""
        error = self.data["error"]
        assert error["message"].endswith((".", "TOKEN.")), error
        return self.status, error["code"]


def request(
    address: str, method: str = "GET", body: object = None, headers: dict[str, str] | None = None, timeout: float = 60
) -> Response:
    """Send a request; a body that is no bytes is sent as JSON."""
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    asked = urllib.request.Request(address, content, headers or {}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=timeout) as answer:
            return Response(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Response(error.code, error.headers, error.read())


@dataclass
class Browser:
    """A customer with a conversation of their own on the server at an address."""

    server: str
    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        if not self.token:
            begun = self.post("/session", {})
            assert begun.status == 201, begun.body
            self.token = begun.data["token"]

    def _headers(self) -> dict[str, str]:
        return {**self.headers, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}

    def get(self, path: str) -> Response:
        return request(self.server + ROOT + path, headers=self._headers())

    def post(self, path: str, body: object) -> Response:
        return request(self.server + ROOT + path, "POST", body, self._headers())

    def send(self, text: str, number: str = "") -> Response:
        return self.post("/message", {"id": number or str(uuid.uuid4()), "text": text})

    def say(self, text: str, number: str = "") -> dict[str, Any]:
        """The reply to a message."""
        response = self.send(text, number)
        assert response.status == 200, response.body
        return dict(response.data["reply"])

    def choose(self, answer: dict[str, Any], *options: str) -> Response:
        return self.post("/message", {"id": str(uuid.uuid4()), "chosen": {"answer": answer["id"], "options": options}})

    def history(self) -> list[dict[str, Any]]:
        return list(self.get("/history").data["messages"])
