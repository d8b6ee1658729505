"""The supplier's account at Meta: made-up ids and secrets, templates, and what the Graph API tells of them."""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import GraphError, invalid


@dataclass
class Account:
    """What was set up at Meta. Every value may be changed, to see what becomes of it.

    Attributes:
        blocked: why the account may not send now, as Meta puts it.
        templates: name and language of each approved template, and its text with {{1}}, {{2}} ... in it.
        status: CONNECTED, PENDING, OFFLINE, RESTRICTED ...
        expires: when the token ends, seconds since 1970; 0: never.
        subscribed: whether the app gets the webhooks of the WhatsApp Business Account.
        fields: that the app's webhook is subscribed to.
        callback: the address of the app's webhook, as set at Meta.
    """

    phone_number_id: str = "106540352242922"
    account_id: str = "102290129340398"
    app_id: str = "1002003004005006"
    display_phone_number: str = "+1 555-078-3881"
    verified_name: str = "A supplier"
    access_token: str = "EAAsimulatedtoken0000000000000000000000000000000000"
    app_secret: str = "0123456789abcdef0123456789abcdef"
    verify_token: str = "made-up-verify-token"
    quality_rating: str = "GREEN"
    status: str = "CONNECTED"
    code_verification_status: str = "VERIFIED"
    expires: int = 0
    scopes: tuple[str, ...] = ("whatsapp_business_management", "whatsapp_business_messaging")
    subscribed: bool = True
    fields: tuple[str, ...] = ("messages",)
    callback: str = ""
    blocked: str = ""
    templates: dict[tuple[str, str], str] = field(
        default_factory=lambda: {("we_answered", "en"): "Your question has an answer. Write to us to read it."}
    )
    template_status: str = "APPROVED"

    @property
    def number(self) -> str:
        """The supplier's number as digits."""
        return "".join(filter(str.isdigit, self.display_phone_number))

    def authorize(self, header: str, proof: str | None) -> None:
        """Refuse a request without the token, or with the proof of another app's secret."""
        if header != f"Bearer {self.access_token}":
            raise GraphError(190)
        right = hmac.new(self.app_secret.encode(), self.access_token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(proof, right):
            raise GraphError(100, message="Invalid appsecret_proof provided in the API argument")

    def node(self, path: str, query: dict[str, str], header: str) -> dict[str, Any]:
        """What GET of a path below the version answers.

        Raises:
            GraphError: Meta would refuse it.
        """
        query = dict(query)
        proof = query.pop("appsecret_proof", None)
        if path == f"{self.app_id}/subscriptions":
            return self._subscriptions(query, header)
        if path == "debug_token":
            return self._token(query, header)
        self.authorize(header, proof)
        if path == self.phone_number_id:
            return self._pick(self._phone_number(), query, ("id", "verified_name", "display_phone_number"))
        if path == f"{self.account_id}/subscribed_apps":
            _nothing_else(query)
            app = {"whatsapp_business_api_data": {"link": "", "name": "Assistant", "id": self.app_id}}
            return {"data": [app] if self.subscribed else []}
        if path == f"{self.account_id}/message_templates":
            return self._templates(query)
        raise unknown(path.split("/")[0], "get")

    def _phone_number(self) -> dict[str, Any]:
        can = {"can_send_message": "AVAILABLE"}
        account: dict[str, Any] = can
        if self.blocked:
            error = {"error_code": 141006, "error_description": self.blocked, "possible_solution": "Add one."}
            account = {"can_send_message": "BLOCKED", "errors": [error]}
        return {
            "id": self.phone_number_id,
            "verified_name": self.verified_name,
            "display_phone_number": self.display_phone_number,
            "quality_rating": self.quality_rating,
            "code_verification_status": self.code_verification_status,
            "status": self.status,
            "name_status": "APPROVED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
            "webhook_configuration": {"application": self.callback},
            "health_status": {
                **({"can_send_message": "BLOCKED"} if self.blocked else can),
                "entities": [
                    {"entity_type": "PHONE_NUMBER", "id": self.phone_number_id, **can},
                    {"entity_type": "WABA", "id": self.account_id, **account},
                    {"entity_type": "APP", "id": self.app_id, **can},
                ],
            },
        }

    def _templates(self, query: dict[str, str]) -> dict[str, Any]:
        name = query.pop("name", None)
        rows = [
            {
                "name": each,
                "language": language,
                "status": self.template_status,
                "category": "UTILITY",
                "id": str(place),
            }
            for place, (each, language) in enumerate(self.templates, 1)
            if name is None or name in each  # Meta finds whatever holds the name
        ]
        fields = query.pop("fields", None)
        _nothing_else(query, "limit")
        picked = [self._pick(row, {"fields": fields} if fields else {}, tuple(row)) for row in rows]
        return {"data": picked, "paging": {"cursors": {"before": "MA", "after": "MQ"}}}

    def _as_app(self, header: str) -> None:
        """Refuse what is not asked in the name of the app, which its id and secret do."""
        if header != f"Bearer {self.app_id}|{self.app_secret}":
            raise GraphError(190, message="Error validating application. Invalid application secret.")

    def _token(self, query: dict[str, str], header: str) -> dict[str, Any]:
        self._as_app(header)
        asked = query.pop("input_token", None)
        if asked is None:
            raise invalid("The parameter input_token is required.")
        _nothing_else(query)
        if asked != self.access_token:
            return {"data": {"is_valid": False, "scopes": [], "error": {"code": 190, "message": "Malformed token"}}}
        return {
            "data": {
                "app_id": self.app_id,
                "type": "SYSTEM_USER",
                "application": "Assistant",
                "expires_at": self.expires,
                "is_valid": True,
                "scopes": list(self.scopes),
            }
        }

    def _subscriptions(self, query: dict[str, str], header: str) -> dict[str, Any]:
        self._as_app(header)
        _nothing_else(query)
        row = {
            "object": "whatsapp_business_account",
            "callback_url": self.callback,
            "active": True,
            "fields": [{"name": name, "version": "v25.0"} for name in self.fields],
        }
        return {"data": [row] if self.callback else []}

    @staticmethod
    def _pick(row: dict[str, Any], query: dict[str, str], usual: tuple[str, ...]) -> dict[str, Any]:
        query = dict(query)
        asked = query.pop("fields", None)
        _nothing_else(query)
        names = [name.strip() for name in asked.split(",")] if asked else usual
        for name in names:
            if name not in row:
                raise invalid(f"Tried accessing nonexisting field ({name}).")
        return {name: row[name] for name in dict.fromkeys([*names, "id"])}


def unknown(id: str, method: str) -> GraphError:
    """What Meta says of an object that the token may not see."""
    return GraphError(
        100,
        message=f"Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing"
        " permissions, or does not support this operation.",
        subcode=33,
    )


def _nothing_else(query: dict[str, str], *known: str) -> None:
    for name in query:
        if name not in known:
            raise invalid(f"Unknown parameter {name}.")
