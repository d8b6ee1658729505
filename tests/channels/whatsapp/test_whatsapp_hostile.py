"""What strangers send to the webhook, and what Meta might: never an error of the server's, and nothing of a forgery."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutated import NAMES, mutated
from payloads import FIXTURES, signed, text
from whatsapp_server import Served, served

from bot.channels.whatsapp import LARGEST_BODY
from bot.runtime.server import LARGEST_REQUEST

BOUNDED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def webhook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("hostile")) as found:
        yield found


def kept(webhook: Served) -> list[tuple[int, ...]]:
    """How much is in each table."""
    tables = ("bot_inbox", "bot_outbox", "bot_customers", "bot_identities", "bot_ratings")
    return [webhook.rows(f"SELECT count(*) FROM {table}")[0] for table in tables]


BODIES = st.binary(max_size=200) | st.sampled_from(NAMES).map(lambda name: (FIXTURES / f"{name}.json").read_bytes())
SIGNATURES = (
    st.binary(max_size=40).map(lambda given: given.replace(b"\r", b"").replace(b"\n", b"").decode("latin-1"))
    | st.binary(min_size=32, max_size=32).map(lambda digest: f"sha256={digest.hex()}")
    | st.binary(min_size=20, max_size=20).map(lambda digest: f"sha1={digest.hex()}")
    | st.none()
)


@BOUNDED
@given(body=BODIES, signature=SIGNATURES)
def test_whoever_cannot_sign_is_refused(webhook: Served, body: bytes, signature: str | None) -> None:
    before = kept(webhook)
    answer = webhook.post(body, {} if signature is None else {"X-Hub-Signature-256": signature})
    assert (answer.status, answer.body) == (401, b"")
    assert kept(webhook) == before


@BOUNDED
@given(st.data())
def test_whoever_changes_what_is_signed_is_refused(webhook: Served, data: st.DataObject) -> None:
    body = (FIXTURES / f"{data.draw(st.sampled_from(NAMES))}.json").read_bytes()
    at = data.draw(st.integers(0, len(body) - 1))
    flipped = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    before = kept(webhook)
    changed = data.draw(st.sampled_from([flipped, body[:at], body[at + 1 :], body + body[: at + 1]]))
    assert webhook.post(changed, signed(body)).status == 401
    assert kept(webhook) == before


@BOUNDED
@given(delivery=mutated())
def test_whatever_is_signed_is_acknowledged(webhook: Served, delivery: object) -> None:
    assert webhook.post(json.dumps(delivery).encode()).status == 200


@BOUNDED
@given(body=st.binary(max_size=300))
def test_so_is_what_is_signed_and_nothing_at_all(webhook: Served, body: bytes) -> None:
    before = kept(webhook)
    assert webhook.post(body).status == 200
    assert kept(webhook) == before


def raw(webhook: Served, content: bytes) -> bytes:
    """The answer to bytes, as far as there is one; the connection is ours to end."""
    place = urlsplit(webhook.address)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            return connection.recv(4096)
        except ConnectionError:
            return b""


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, LARGEST_REQUEST + 1, 10**12])
def test_what_is_too_long_is_refused(webhook: Served, size: int) -> None:
    before = kept(webhook)
    if size <= LARGEST_REQUEST:
        assert webhook.post(b" " * size).status == 413
    else:
        head = f"POST /webhooks/whatsapp/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n"
        assert raw(webhook, head.encode()).startswith(b"HTTP/1.1 413")
    assert kept(webhook) == before


@BOUNDED
@given(cut=st.integers(0, 400))
def test_a_request_that_breaks_off_is_not_read(webhook: Served, cut: int) -> None:
    body = json.dumps(text("hello", "wamid.CUT")).encode()
    fields = "".join(f"{name}: {value}\r\n" for name, value in signed(body).items())
    head = f"POST /webhooks/whatsapp/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n{fields}\r\n"
    answer = raw(webhook, (head.encode() + body)[: min(cut, len(head) + len(body) - 1)])
    assert not answer.startswith((b"HTTP/1.1 5", b"HTTP/1.1 2"))
    assert "wamid.CUT" not in {id for (id,) in webhook.rows("SELECT id FROM bot_inbox")}
