"""The canned responses of the domain: the only words in a reply that no document holds."""

import re
from collections.abc import Mapping
from typing import Any

PLACEHOLDER = re.compile(r"{(\w+)}")


class Responses:
    """The domain's `responses`, by name without the `utter_`."""

    def __init__(self, responses: Mapping[str, list[dict[str, Any]]]) -> None:
        self._responses = responses

    def __call__(self, response: str, /, **values: str) -> str:
        """The response's text with its placeholders filled.

        Raises:
            KeyError: the domain has no such response, or it has a placeholder without a value.
        """
        found = self._responses.get(f"utter_{response}")
        if not found or not found[0].get("text"):
            raise KeyError(f"The domain has no response utter_{response} with a text: add it under bot/domain/.")
        text: str = found[0]["text"]
        return PLACEHOLDER.sub(lambda match: values[match[1]], text).strip()
