"""A strict stand-in for Chatwoot: the calls of its public API documentation that the assistant makes, and no others.

What Chatwoot would not do is an error here: another path or method, a field that it does not have, a call without the
token or with one where the client API has none, a conversation or contact that it does not know.
"""

import email
import email.policy
import re
from typing import Any

from receivers import Call, Receiver

ACCOUNT, INBOX, TOKEN = "7", "inbox-Identifier1", "bot-token-1"
PUBLIC, APPLICATION = f"/public/api/v1/inboxes/{INBOX}/contacts", f"/api/v1/accounts/{ACCOUNT}/conversations"


class RefusedError(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class ChatwootServer(Receiver):
    """An account with an API inbox, to which the bot of the token is connected."""

    def __init__(self) -> None:
        super().__init__()
        self.answer = self._answer
        self.contacts: dict[str, dict[str, Any]] = {}  # by source id
        self.conversations: dict[int, dict[str, Any]] = {}
        self.refusals: list[str] = []
        self.down = 0  # that many calls from now on are answered with 502

    def only(self) -> dict[str, Any]:
        """The one conversation."""
        (found,) = self.conversations.values()
        return found

    def _answer(self, call: Call) -> tuple[int, Any]:
        if self.down:
            self.down -= 1
            return 502, None
        try:
            return 200, self._handle(call)
        except RefusedError as refused:
            self.refusals.append(f"{call.method} {call.path}: {refused.why}")
            return refused.status, {"error": refused.why}

    def _handle(self, call: Call) -> Any:
        token = call.headers.get("api_access_token")
        if call.path.startswith("/public/"):
            if token is not None:
                raise RefusedError(401, "the client API takes no token")
            return self._client_api(call)
        if token != TOKEN:
            raise RefusedError(401, "Invalid Access Token")
        return self._application_api(call)

    def _client_api(self, call: Call) -> Any:
        match call.method, call.path.removeprefix(PUBLIC).split("/"):
            case "POST", [""]:
                given = _json(call, {"source_id", "identifier", "name"}, set())
                contact = self.contacts.setdefault(given["source_id"], {**given, "id": len(self.contacts) + 1})
                return {"source_id": contact["source_id"], "id": contact["id"], "name": contact["name"], "email": None}
            case method, ["", source, "conversations"] if method in ("GET", "POST"):
                if source not in self.contacts:
                    raise RefusedError(404, "Resource could not be found")
                if method == "GET":
                    return [_public(each) for each in self.conversations.values() if each["source"] == source]
                _json(call, set(), {"custom_attributes"})
                # Of a contact elsewhere in the account there are conversations as well, so numbers have gaps.
                number = 10 + 3 * len(self.conversations)
                self.conversations[number] = {"id": number, "source": source, "status": "pending", "messages": []}
                return _public(self.conversations[number])
        raise RefusedError(404, "no such path")

    def _application_api(self, call: Call) -> Any:
        found = re.fullmatch(rf"{APPLICATION}/(\d+)/(messages|toggle_status)", call.path)
        if not found or call.method != "POST":
            raise RefusedError(401, "Access to this endpoint is not authorized for bots")
        conversation = self.conversations.get(int(found[1]))
        if conversation is None:
            raise RefusedError(404, "Resource could not be found")
        if found[2] == "toggle_status":
            given = _json(call, {"status"}, {"snoozed_until"})
            if given["status"] not in ("open", "resolved", "pending", "snoozed"):
                raise RefusedError(422, "no such status")
            conversation["status"] = given["status"]
            return {"meta": {}, "payload": {"success": True, "conversation_id": conversation["id"]}}
        message = _message(call)
        message["id"] = 100 + len(conversation["messages"])
        if message["message_type"] == "incoming" and conversation["status"] == "resolved":
            conversation["status"] = "pending"
        conversation["messages"].append(message)
        return {key: message[key] for key in ("id", "content", "private")}


def _public(conversation: dict[str, Any]) -> dict[str, Any]:
    return {"id": conversation["id"], "uuid": "u", "inbox_id": 4, "status": conversation["status"], "messages": []}


def _json(call: Call, needed: set[str], allowed: set[str]) -> dict[str, Any]:
    if call.headers.get("content-type") != "application/json":
        raise RefusedError(415, "no JSON")
    given = call.json
    if not isinstance(given, dict) or not needed <= given.keys() <= needed | allowed:
        raise RefusedError(422, f"fields {given}")
    return given


def _message(call: Call) -> dict[str, Any]:
    if call.headers.get("content-type", "").startswith("multipart/form-data"):
        head = f"Content-Type: {call.headers['content-type']}\r\n\r\n".encode()
        whole = email.message_from_bytes(head + call.body, policy=email.policy.HTTP)
        given: dict[str, Any] = {}
        for part in whole.iter_parts():  # type: ignore[attr-defined]
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            given[name] = (part.get_filename(), content) if part.get_filename() else content.decode()
    elif call.headers.get("content-type") == "application/x-www-form-urlencoded":
        from urllib.parse import parse_qs

        given = {name: value for name, (value,) in parse_qs(call.body.decode(), strict_parsing=True).items()}
    else:
        given = _json(call, {"content", "message_type"}, {"private"})
    if not {"content", "message_type"} <= given.keys() <= {"content", "message_type", "private", "attachments[]"}:
        raise RefusedError(422, f"fields {set(given)}")
    if given["message_type"] not in ("incoming", "outgoing") or not 0 < len(given["content"]) <= 150_000:
        raise RefusedError(422, "message")
    return {**given, "private": str(given.get("private", "false")) == "true"}
