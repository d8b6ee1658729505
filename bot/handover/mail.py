"""Staff are told by e-mail: the transcript to read, the payloads as a file, a conversation's mails in one thread."""

import json
import shlex
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from bot.handover.events import CourierError, alias, event, written
from bot.handover.notices import Notice
from bot.settings.handover import Email

TIMEOUT = 15.0  # seconds of silence of the server's
LOCAL = ("localhost", "127.0.0.1", "::1")
HOW = (
    "\n\n--\nTo answer, on the machine of the assistant:\n"
    "    bot handover reply {id} 'your text' --name 'your name'\n"
    "To let the assistant answer again:\n"
    "    bot handover return {id}\n"
    "An answer to this mail does not reach the customer.\n"
)


def letter(settings: Email, told: dict[str, Any]) -> EmailMessage:
    """The mail of an event. Nothing that a customer wrote stands in its headers."""
    conversation = told["conversation"]
    name = alias(conversation)
    domain = settings.sender.rpartition("@")[2]
    subject = f"Customer conversation {name[:8]}"
    if told["type"] == "handover.requested" and told["reason"] == "emergency":
        subject = f"EMERGENCY: {subject}"
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = subject
    mail["From"], mail["To"] = Address(addr_spec=settings.sender), Address(addr_spec=settings.to)
    # The same in every try, so that a mail that came twice can be known.
    mail["Message-ID"] = f"<{told['id']}@{domain}>"
    # A mail that was never sent holds the thread together.
    mail["In-Reply-To"] = mail["References"] = f"<{name}.conversation@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(written(told) + HOW.format(id=shlex.quote(conversation)))
    if told["type"] == "handover.requested":
        payload = json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8", "replace")
        mail.add_attachment(payload, maintype="application", subtype="json", filename="conversation.json")
    return mail


def deliver(settings: Email, engine: Any, notice: Notice) -> None:
    """Hand the mail of a notice to the server; it blocks.

    Raises:
        CourierError: the server offers no encryption, and is another machine.
        OSError: it cannot be reached, or refuses (smtplib.SMTPException is one).
    """
    mail = letter(settings, event(engine, notice))
    local = settings.host in LOCAL
    if settings.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT)
    with server:
        server.ehlo()
        if not settings.tls and not local:
            if not server.has_extn("starttls"):
                raise CourierError("the mail server offers no STARTTLS")
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if settings.user is not None:
            server.login(settings.user, settings.password or "")
        server.send_message(mail)
