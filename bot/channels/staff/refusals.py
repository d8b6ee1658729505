"""How a request of the staff is refused."""

from sanic import response
from sanic.response import HTTPResponse


class RefusedError(Exception):
    """A request is not done; what is said instead, as `{"error": {"code", "message"}}`."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after

    def response(self) -> HTTPResponse:
        """The refusal as a response."""
        headers = {"Retry-After": str(self.retry_after)} if self.retry_after else {}
        return response.json({"error": {"code": self.code, "message": self.message}}, self.status, headers)
