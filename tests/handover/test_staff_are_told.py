"""Each way in which the staff are told: over real HTTP and SMTP, in order, again after a failure, once."""

import base64
import hashlib
import hmac
import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chatwoot_server import ACCOUNT, INBOX, TOKEN, ChatwootServer
from processes import environment
from receivers import Call, Mailbox, Receiver, serving, until

from bot.handover import Desk, notices
from bot.runtime.archive import ROOT
from bot.settings.handover import Chatwoot, Email, Handover, Webhook

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()
TO, FROM = "staff@shop.example", "bot@shop.example"
Say = Callable[..., None]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the next try."""
    monkeypatch.setattr(notices, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(notices, "LONGEST_PAUSE", 0.2)


def by_webhook(engine: Any, receiver: Receiver) -> Desk:
    return Desk(engine, Handover(webhook=Webhook(receiver.url + "/hook", SECRET)))


def by_mail(engine: Any, mailbox: Mailbox, host: str = "127.0.0.1", tls: bool = False, user: str | None = None) -> Desk:
    settings = Email(TO, FROM, host, mailbox.port, tls, user, "pass" if user else None)
    return Desk(engine, Handover(email=settings))


def by_chatwoot(engine: Any, server: Receiver) -> Desk:
    return Desk(engine, Handover(chatwoot=Chatwoot(server.url, ACCOUNT, INBOX, TOKEN, "secret")))


def untold(desk: Desk) -> list[tuple[str, int, str | None]]:
    with desk.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT state, tries, error FROM bot_notices WHERE state <> 'sent' ORDER BY created"
        )
        return [tuple(row) for row in rows]


def all_told(desk: Desk) -> bool:
    return untold(desk) == []


# The webhook ------------------------------------------------------------------------------------------------------


def check_signature(call: Call) -> None:
    """By hand, as a supplier would."""
    signed = f"{call.headers['webhook-id']}.{call.headers['webhook-timestamp']}.".encode() + call.body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert call.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(call.headers["webhook-timestamp"]) - time.time()) < 60


def test_a_webhook_brings_the_transcript_and_then_what_happens(engine: Any, say: Say) -> None:
    pregnancy = {"id": "pregnancy", "holder": "wife", "status": "stated"}
    say("c", "My wife is pregnant, can she?", "1", "She should not.", verdict="avoid", conditions=[pregnancy])
    say("c", "A person please 👋", "2", "A person is told.")
    say("d", "Another's secret", "1", "Yes.")
    with Receiver() as receiver:
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        say("c", "After asking", "3")
        desk.forward("c", "3", "After asking")
        with serving(desk):
            until(lambda: len(receiver.calls) == 2)
            desk.say("c", "Here I am", "Staff")
            desk.give_back("c")
            until(lambda: len(receiver.calls) == 3)
            desk.ask("c", "web", "emergency")
            until(lambda: len(receiver.calls) == 4)
    for call in receiver.calls:
        check_signature(call)
        assert (call.method, call.path, call.headers["content-type"]) == ("POST", "/hook", "application/json")
        assert call.json["id"] == call.headers["webhook-id"]
        assert (call.json["conversation"], call.json["channel"]) == ("c", "web")
    asked, message, returned, again = receiver.bodies
    assert (asked["type"], asked["reason"], asked["state"]) == ("handover.requested", "asked", "asked")
    assert [(each["from"], each["text"]) for each in asked["transcript"]] == [
        ("customer", "My wife is pregnant, can she?"),
        ("assistant", "She should not."),
        ("customer", "A person please 👋"),
        ("assistant", "A person is told."),
    ]
    assert asked["transcript"][1]["answer"]["verdict"] == "avoid"
    assert asked["conditions"] == [pregnancy]
    assert message["type"] == "message"
    assert [(each["from"], each["text"], each["id"]) for each in message["transcript"]] == [
        ("customer", "After asking", "3")
    ]
    assert (returned["type"], returned["transcript"]) == ("handover.returned", [])
    assert (again["type"], again["reason"]) == ("handover.requested", "emergency")
    said = [(each["from"], each["text"], each.get("name")) for each in again["transcript"]][4:]
    assert said == [
        ("customer", "After asking", None),
        ("person", "Here I am", "Staff"),
        ("notice", "<handover_returned>", None),
    ]
    assert len({call.json["id"] for call in receiver.calls}) == 4
    times = [each["time"] for each in again["transcript"]]
    assert times == sorted(times)


def test_a_transcript_is_the_last_200_entries(engine: Any, say: Say) -> None:
    for number in range(105):
        say("c", f"question {number}", f"{number}", f"answer {number}")
    with Receiver() as receiver:
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: receiver.calls)
    texts = [each["text"] for each in receiver.bodies[0]["transcript"]]
    assert (len(texts), texts[0], texts[-1]) == (200, "question 5", "answer 104")


def test_a_call_that_fails_is_made_again_under_its_id_and_keeps_the_order(engine: Any, say: Say) -> None:
    say("c", "A person", "1", "Told.")
    with Receiver() as receiver:
        seen: list[str] = []

        def fail_twice(call: Call) -> tuple[int, Any]:
            seen.append(call.json["id"])
            return (500 if seen.count(call.json["id"]) <= 2 else 200), None

        receiver.answer = fail_twice
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        for number in ("2", "3"):
            desk.forward("c", number, f"text {number}")
        with serving(desk):
            until(lambda: all_told(desk))
    said = [[each["text"] for each in body["transcript"]] for body in receiver.bodies]
    assert said == [["A person", "Told."]] * 3 + [["text 2", "text 3"]] * 3
    assert len(set(seen)) == 2


def test_one_conversation_does_not_hold_up_another(engine: Any) -> None:
    with Receiver() as receiver:
        receiver.answer = lambda call: (500 if call.json["conversation"] == "bad" else 200, None)
        desk = by_webhook(engine, receiver)
        for conversation in ("bad", "one", "two"):
            desk.ask(conversation, "web", "asked")
        with serving(desk):
            until(lambda: {body["conversation"] for body in receiver.bodies} == {"bad", "one", "two"})
            until(lambda: len(untold(desk)) == 1)
    ((state, tries, error),) = untold(desk)
    assert (state, tries > 0, error) == ("queued", True, "the answer was 500")


def test_a_server_that_is_not_there_is_tried_for_three_days(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    with Receiver() as receiver:
        pass  # nobody listens there any more
    desk = by_webhook(engine, receiver)
    desk.ask("c", "web", "asked")
    desk.forward("c", "1", "aardvark")
    with serving(desk):
        until(lambda: untold(desk)[0][1] > 2)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE bot_notices SET created = created - 3 * 86400 - 1")
        until(lambda: [state for state, *_ in untold(desk)] == ["failed", "failed"])
    assert "c by webhook in three days" in caplog.text
    assert "aardvark" not in caplog.text
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM bot_notices WHERE body IS NOT NULL").scalar() == 0


def test_what_was_told_is_not_kept(engine: Any) -> None:
    with Receiver() as receiver:
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        desk.forward("c", "1", "aardvark")
        with serving(desk):
            until(lambda: all_told(desk))
        desk.forward("c", "1", "aardvark")  # known, although its text is gone
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT body FROM bot_notices").fetchall()
    assert rows == [(None,), (None,)]


def test_the_server_deletes_what_is_long_over(engine: Any) -> None:
    with Receiver() as receiver:
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: all_told(desk))
            desk.give_back("c")
            until(lambda: desk.find("c").state == "over" and all_told(desk))
        with engine.begin() as connection:
            for table in ("bot_handovers", "bot_notices"):
                connection.exec_driver_sql(f"UPDATE {table} SET updated = updated - 366 * 86400")
        desk.ask("d", "web", "asked")
        with serving(desk):
            until(lambda: all_told(desk))
    with engine.connect() as connection:
        for table in ("bot_handovers", "bot_notices"):
            assert {row[0] for row in connection.exec_driver_sql(f"SELECT conversation FROM {table}")} == {"d"}


def test_workers_share_what_is_to_be_told(engine: Any) -> None:
    with Receiver() as receiver:
        desk = by_webhook(engine, receiver)
        for number in range(12):
            desk.ask(f"c{number}", "web", "asked")
        with serving(desk), serving(desk), serving(desk):
            until(lambda: all_told(desk))
    assert len(receiver.calls) == 12


WORKER = """
import asyncio, sys
import sqlalchemy as sa
from bot.handover import Desk, service
from bot.settings.handover import Handover, Webhook
desk = Desk(sa.create_engine(sys.argv[1]), Handover(webhook=Webhook(sys.argv[2], sys.argv[3])))
asyncio.run(service.run(desk, str))
"""


def test_a_worker_that_is_killed_loses_nothing(engine: Any, say: Say) -> None:
    say("c", "A person", "1", "Told.")
    with Receiver() as receiver:
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        desk.forward("c", "2", "text 2")
        place = engine.url.render_as_string(hide_password=False)
        command = [sys.executable, "-c", WORKER, place, receiver.url + "/hook", SECRET]
        killed = threading.Event()
        receiver.answer = lambda call: (200 if killed.wait(60) else 500, None)
        for number in range(3):
            with subprocess.Popen(command, cwd=ROOT, env=environment(ROOT)) as worker:
                until(lambda: len(receiver.calls) > number)  # noqa: B023
                worker.kill()  # while the call is under way
            with engine.begin() as connection:  # the lease ends
                connection.exec_driver_sql(f"UPDATE bot_notices SET due = due - {notices.LEASE} WHERE tries > 0")
        killed.set()
        assert len(receiver.calls) == 3
        assert len({body["id"] for body in receiver.bodies}) == 1  # nothing overtakes it
        receiver.answer = lambda call: (200, None)
        for number in (3, 4):
            desk.forward("c", str(number), f"text {number}")
        with serving(desk):
            until(lambda: all_told(desk))
    said = list(dict.fromkeys(entry["text"] for body in receiver.bodies for entry in body["transcript"]))
    assert said == ["A person", "Told.", "text 2", "text 3", "text 4"]
    assert len({body["id"] for body in receiver.bodies}) == 2


def test_told_to_stop_it_finishes_what_is_under_way(engine: Any) -> None:
    """Else it would go once more after the start, and two minutes later."""
    begun = threading.Event()

    def slow(call: Call) -> tuple[int, Any]:
        begun.set()
        time.sleep(0.5)
        return 204, None

    with Receiver() as receiver:
        receiver.answer = slow
        desk = by_webhook(engine, receiver)
        desk.ask("c", "web", "asked")
        with serving(desk):
            assert begun.wait(30)
        assert all_told(desk)
    assert len(receiver.calls) == 1


# E-mail -----------------------------------------------------------------------------------------------------------


def text_of(mail: Any) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()).replace("\r\n", "\n")


def test_mails_of_a_conversation_are_one_thread_that_can_be_read(engine: Any, say: Say) -> None:
    say("abc123", "Is it for me?\nAssistant:\n    Yes", "1", "No.", conditions=[{"id": "tumor", "holder": None}])
    with Mailbox() as mailbox:
        desk = by_mail(engine, mailbox)
        desk.ask("abc123", "web", "unanswered")
        desk.forward("abc123", "2", "Größe? 👋\n.\nBcc: other@shop.example")
        desk.ask("other", "web", "emergency")
        with serving(desk):
            until(lambda: len(mailbox.mails) == 3)
    first, second = (mail for mail in mailbox.mails if "EMERGENCY" not in mail["Subject"])
    (urgent,) = (mail for mail in mailbox.mails if "EMERGENCY" in mail["Subject"])
    assert (first["To"], first["From"], first["Bcc"]) == (TO, FROM, None)
    assert first["Subject"] == second["Subject"]
    assert first["References"] == first["In-Reply-To"] == second["References"] != urgent["References"]
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 3
    assert "The documents do not answer the customer's question." in text_of(first)
    assert "    Is it for me?\n    Assistant:\n        Yes\n" in text_of(first)
    assert "    No.\n" in text_of(first)
    assert "tumor" in text_of(first)
    assert "bot handover reply abc123 'your text'" in text_of(first)
    (payload,) = first.iter_attachments()
    assert payload.get_content_type() == "application/json"
    told = json.loads(payload.get_content())
    assert (told["conversation"], told["transcript"][1]["answer"]["id"]) == ("abc123", "a-1")
    assert "Größe? 👋\n    .\n    Bcc: other@shop.example" in text_of(second)
    assert (second["Bcc"], list(second.iter_attachments())) == (None, [])
    assert text_of(urgent).startswith("EMERGENCY")


def test_no_conversation_can_write_a_header(engine: Any) -> None:
    evil = "x\r\nBcc: other@shop.example\r\n\r\n'; rm -rf /"
    with Mailbox() as mailbox:
        desk = by_mail(engine, mailbox)
        desk.ask(evil, "rest\r\nBcc: other@shop.example", "asked")
        with serving(desk):
            (mail,) = until(lambda: mailbox.mails)
    assert mail["Bcc"] is None
    assert mail.keys().count("To") == 1


def test_a_mail_that_is_refused_goes_again_as_the_same_mail(engine: Any) -> None:
    with Mailbox() as mailbox:
        mailbox.refuses = 2
        desk = by_mail(engine, mailbox, user="me")
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: all_told(desk))
    assert len(mailbox.mails) == 1
    assert len(mailbox.logins) == 3
    assert mailbox.logins[0] == "\0me\0pass"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of 'localhost' and 127.0.0.2 in one file."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.2"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, form, plain) + made.public_bytes(pem))
    return file


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "TLS"])
def test_another_machine_gets_mail_encrypted_alone(
    at_once: bool, engine: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Mailbox("127.0.0.2", server_context(certificate), at_once) as mailbox:
        desk = by_mail(engine, mailbox, "127.0.0.2", tls=at_once, user="me")
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: mailbox.mails)
    assert mailbox.encrypted == [True]
    assert mailbox.logins == ["\0me\0pass"]


@pytest.mark.parametrize("user", ["me", None])
def test_without_encryption_another_machine_gets_neither_password_nor_transcript(user: str | None, engine: Any) -> None:
    with Mailbox("127.0.0.2") as mailbox:
        desk = by_mail(engine, mailbox, "127.0.0.2", user=user)
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: untold(desk)[0][2])
    assert untold(desk)[0][2] == "the mail server offers no STARTTLS"
    assert (mailbox.mails, mailbox.logins) == ([], [])


def test_a_certificate_of_somebody_else_is_not_trusted(engine: Any, certificate: Path) -> None:
    with Mailbox("127.0.0.2", server_context(certificate)) as mailbox:
        desk = by_mail(engine, mailbox, "127.0.0.2", user="me")
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: untold(desk)[0][2])
    assert untold(desk)[0][2] == "SSLCertVerificationError"
    assert (mailbox.mails, mailbox.logins) == ([], [])


# Chatwoot ---------------------------------------------------------------------------------------------------------


def test_chatwoot_gets_an_open_conversation_with_the_transcript_as_a_note(engine: Any, say: Say) -> None:
    say("c", "[@boss](mention://user/1/boss) help", "1", "No.", verdict="unknown")
    with ChatwootServer() as server:
        desk = by_chatwoot(engine, server)
        desk.ask("c", "whatsapp", "asked")
        desk.forward("c", "2", "Is anybody there?")
        desk.forward("c", "3", "It is urgent & 100 %")
        with serving(desk):
            until(lambda: all_told(desk))
            assert server.refusals == []
            found = server.only()
            assert found["status"] == "open"
            note, message = found["messages"]
            assert (note["private"], note["message_type"]) == (True, "outgoing")
            assert "The customer asks for a person." in note["content"]
            assert "help" in note["content"]
            assert "mention://" not in note["content"]
            name, content = note["attachments[]"]
            assert name == "conversation.json"
            assert json.loads(content)["transcript"][1]["answer"]["verdict"] == "unknown"
            assert message == {
                "id": 101,
                "content": "Is anybody there?\n\nIt is urgent & 100 %",
                "message_type": "incoming",
                "private": False,
            }
            assert desk.find("c").ticket == str(found["id"])
            assert desk.by_ticket(str(found["id"])) == "c"
            assert desk.by_ticket("999") is None

            desk.give_back("c")
            until(lambda: found["status"] == "resolved")
            desk.ask("c", "whatsapp", "emergency")
            until(lambda: found["status"] == "open")
            until(lambda: all_told(desk))
    assert server.only()["messages"][-1]["content"].startswith("EMERGENCY")
    assert server.refusals == []
    (contact,) = server.contacts.values()
    assert contact["name"].startswith("Customer ")


def test_a_failing_chatwoot_makes_no_second_conversation(engine: Any, say: Say) -> None:
    say("c", "A person", "1", "Told.")
    with ChatwootServer() as server:
        desk = by_chatwoot(engine, server)
        desk.ask("c", "web", "asked")
        # The first try fails at its first call, the next one at its second ...; 2: done, and the answer is lost.
        works = iter((0, 1, 0, 1, 1, 2, 1, 1, 1, 0, 1, 0))

        def sometimes(call: Call) -> tuple[int, Any]:
            how = next(works, 1)
            done = server._answer(call) if how else None
            return done if done and how == 1 else (502, None)

        server.answer = sometimes
        with serving(desk):
            until(lambda: all_told(desk))
    assert next(works, None) is None
    assert len(server.only()["messages"]) == 3  # the note again, because what came after it had failed
    assert server.refusals == []
    assert server.only()["status"] == "open"
    assert len(server.contacts) == 1


def test_a_conversation_that_was_deleted_there_is_made_again(engine: Any, say: Say) -> None:
    say("c", "A person", "1", "Told.")
    with ChatwootServer() as server:
        desk = by_chatwoot(engine, server)
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: all_told(desk))
            server.conversations[20] = {**server.conversations.pop(10), "id": 20, "source": "another's"}
            desk.forward("c", "2", "Hello?")
            until(lambda: all_told(desk))
    assert desk.find("c").ticket == "13"
    assert [each["content"] for each in server.conversations[13]["messages"]] == ["Hello?"]


def test_a_wrong_token_is_told_without_the_token(engine: Any, caplog: pytest.LogCaptureFixture) -> None:
    with ChatwootServer() as server:
        settings = Chatwoot(server.url, ACCOUNT, INBOX, "wrong-token", "secret")
        desk = Desk(engine, Handover(chatwoot=settings))
        desk.ask("c", "web", "asked")
        with serving(desk):
            until(lambda: untold(desk)[0][2])
    assert untold(desk)[0][2] == "Chatwoot answered 401 at its api"
    assert "401" in caplog.text
    assert "wrong-token" not in caplog.text


def test_each_way_goes_by_itself(engine: Any) -> None:
    with Receiver() as receiver, Mailbox() as mailbox:
        receiver.answer = lambda call: (500, None)
        settings = Email(TO, FROM, "127.0.0.1", mailbox.port, False, None, None)
        desk = Desk(engine, Handover(webhook=Webhook(receiver.url, SECRET), email=settings))
        desk.ask("c", "web", "asked")
        desk.forward("c", "1", "Hello?")
        with serving(desk):
            until(lambda: len(mailbox.mails) == 2)
            until(lambda: len(receiver.calls) > 1)
    assert len({body["id"] for body in receiver.bodies}) == 1
