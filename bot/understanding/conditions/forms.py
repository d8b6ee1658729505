"""Answers as in a form: 'pregnant - n, eczema - y', 'pacemaker = false', 'Q: lupus? A: no', '✗ pacemaker ✓ lupus'."""

import re

from bot.understanding.conditions.words import CROSS, TICK

_REPLY = r"(?:(?:a|answer|ans|reply) (?:[:.] )?)?"
_NO = rf"(?:no|n|false|0|nope|nil|none(?: known)?|negative|absent|{CROSS})"
_YES = rf"(?:yes|y|true|1|yep|yeah|positive|present|{TICK})"
_ENDS = r"(?= (?:[.,;!)/-]|X|and|but|[qQ]|[a-z] :)| ?$)"
_AFTER = re.compile(rf"^(?: \( [^)]{{1,12}} \))?(?: [?:-])+ (?:[.] )?{_REPLY}(?:(?P<no>{_NO})|(?P<yes>{_YES})){_ENDS}")
_MARK = re.compile(rf"^ (?:[:-] )?(?:(?P<no>{CROSS}|0{_ENDS})|(?P<yes>{TICK}|1{_ENDS}))")
_LED = re.compile(rf" (?:(?P<no>{CROSS})|(?P<yes>{TICK})) (?:[:-] )?(?:(?:a|an|the|no) )?$")


def answered(before: str, after: str) -> bool | None:
    """What a form answers about a mention; None if it is no form.

    Args:
        before: the text before the mention in its sentence.
        after: the text after it, to the end of the message.
    """
    led = _LED.search(before)
    # Marks stand before all items of a list or after all of them.
    match = led if led and " X " not in before[: led.start() + 1] else _AFTER.match(after) or _MARK.match(after) or led
    return None if match is None else match["yes"] is not None
