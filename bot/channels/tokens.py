"""Tokens that say which conversation is the bearer's, signed by this server."""

import jwt

ALGORITHM = "HS256"


class TokenError(Exception):
    """The token is none of ours."""


def sign(conversation: str, channel: str, key: str) -> str:
    """A token for a conversation of a channel. It does not expire: what ends it is that the conversation is erased."""
    return jwt.encode({"sub": conversation, "aud": channel}, key, ALGORITHM)


def conversation_of(token: str, channel: str, key: str) -> str:
    """The conversation that a token names.

    Raises:
        TokenError: it was not signed with this key, or for another channel.
    """
    required = {"require": ["sub", "aud"]}
    try:
        claims = jwt.decode(token, key, [ALGORITHM], options=required, audience=channel)  # type: ignore[arg-type]
    except jwt.InvalidTokenError as error:
        raise TokenError from error
    return str(claims["sub"])
