"""A person was offered in the last reply: whether a message takes the offer, whatever else it says."""

import re

from bot.answers.turn import Turn
from bot.answers.warned import PERSON

_FIRST = r"^\W*(?:(?:ah|oh|hm+|um|uh|erm|well|so|hi|hey|hello|great|good|perfect|thanks|thank you|then|actually)\W+)*"
_PLEASE = r"(?:\W+(?:please|pls|plz|thanks|thank you|thx|cheers|do so|do that|do it|do|go ahead|very much|thing))"
_YES = re.compile(
    rf"{_FIRST}(?:ye+s+|yep|yeah|yea|yup|yah?|aye|sure(?=[.!])|certainly|definitely|absolutely|of course|by all means|"
    r"please do|"
    rf"(?:sure|okay|ok|alright|all right|fine|go ahead)\W+(?:please|pls|plz|do)|that(?:'d| would) be \w+|"
    r"i(?:'d| would) (?:like|love|appreciate) (?:that|it))(?=\W|$)",
    re.IGNORECASE,
)
# These as often begin something else: alone in their line they take the offer, or with what a person is to do.
_ALONE = re.compile(
    rf"{_FIRST}(?:sure|okay|ok|alright|all right|fine|please|go ahead|why not|good idea|do it|do that){_PLEASE}*"
    r"(?=\W*(?:$|\n)|\W+(?:(?:get|connect|put|pass|hand|transfer|forward|send|bring|tell (?!me)) ?\w+|"
    r"(?:a|some) person\b|some(?:one|body)\b))",
    re.IGNORECASE,
)
# The yes may stand at the end: 'my knee hurts, yes please'.
_LAST = re.compile(rf"(?:[.!;\n]\W*(?:ye+s+|yep|yeah|yup)|\W(?:ye+s+|yep|yeah|yup){_PLEASE})\W*$", re.IGNORECASE)
# A yes to something else: 'yes I have used it before', 'yes it does', 'yes or no?'. Not after 'yes.' or 'yes please'.
_OF_SOMETHING_ELSE = re.compile(
    r",? *(?:or|no|not|maybe)\b"
    r"|,? *(?:i|we)(?:'ve| have|'d| had|'m| am| was| were)?(?: \w+ly| already| just| also| never| often| always)* "
    r"(?:used?|using|tried|try|trying|read|seen?|saw|know|knew|heard|thought|think|did|done|been|bought|guess|"
    r"understand|understood|agree|remember|figured|noticed|felt|feel|[gs]ot (?:it|that)|get (?:it|that)|"
    r"(?:can|could|will|may|might|should) (?:use|try|do|see|start|feel|put|apply|buy))\b"
    r"|,? *(?:i|we) (?:have|am|was|did|can|will|could)\W*$"
    r"|,? *(?:it|that|this|they|these|those|he|she|there|you|which|how (?:nice|good|great))\b"
    r"(?!(?:'d| would|(?:'s| is)? (?:about|urgent|important|regarding|for)\b| (?:can|may|could|should)\b.*\b(?:pass|"
    r"hand|put|connect|transfer|forward|tell|get)\b))",
    re.IGNORECASE,
)
_DECLINES = re.compile(
    r"\b(?:no|nope|nah)\W*(?:thanks|thank you|thx|need|persons?|humans?|agents?|staff|wait|actually)\b"
    r"|(?:^|[\n.,!;])\W*(?:no|nope|nah)\W*(?:$|[\n.,!;])|\bof course not\b"
    r"|\bnot (?:now|yet|(?:a |an |any )?(?:persons?|humans?|agents?)|necessary|needed|really)\b"
    r"|\b(?:don'?t|do not|without|rather not)\b[^.,!;\n]{0,30}\b(?:persons?|humans?|agents?|anyone|anybody|"
    r"someone|somebody|staff|people|pass|transfer|forward|hand|connect|bother)\b"
    r"|\bnever ?mind\b|\bforget it\b|\bsecond thoughts?\b|\bchanged my mind\b|\brather not\b",
    re.IGNORECASE,
)


def is_taken(turn: Turn) -> bool | None:
    """Whether a message takes the offer of a person that was just made; None where it does not say so plainly.

    A pressed button decides, whatever stands beside it. So does a yes that something else is said with, unless it is
    a yes to something else, or taken back.
    """
    if turn.awaiting != PERSON:
        return None
    titles = {turn.responses(f"option_person_{name}"): name for name in ("yes", "no")}
    pressed = [titles[line.strip()] for line in turn.written.splitlines() if line.strip() in titles]
    if pressed:
        return pressed[-1] == "yes"
    text = turn.text.replace("\u2019", "'").strip()
    if _DECLINES.search(text):
        return False
    yes = _YES.match(text)
    if yes:
        return bool(turn.mentions) or not _OF_SOMETHING_ELSE.match(text[yes.end() :])
    return bool(_LAST.search(text) or any(_ALONE.match(line) for line in text.splitlines())) or None
