"""Turns in a message: words after which a denial or an end of a condition holds no more."""

import re

_MARK = r"(?: (?:[.,!?;)-]|and|can)|$| $)"
_END = rf"(?={_MARK}| (?:too|again|now|after all|this (?:time|month|week|year)|indeed|actually|today)(?:{_MARK}| so))"
_POSITIVE = r"(?:am|do|does|is|are|have|has|did|was)"
_DENIAL_ONLY = re.compile(
    r"^(?: [^ .?!;]+){0,5}? (?:until|till|before) (?:now|today|yesterday|recently|last|this|\d{4}|i |two|three|a )"
    r"|^(?: [^ .?!;,]+){0,2} (?:until|till) "
)
_END_ONLY = re.compile(
    rf" (?:it|they) "
    rf"(?:(?:is|are|has|have|did|does|was) not|never (?:really|did|quite)?)(?: (?:healed|closed|gone|heal|"
    rf"really|quite|fully|true|over|all|yet|completely))*{_END}"
    r"|^[^.!?]{0,25} \? (?:no|nope|not)(?= [.,!]|$| $)"
    r"| (?:but|and|yet|though|,|-) "
    r"(?:[^ .?!]+ )?still (?:am|are|is|open|bleeding|bleeds|weeping|oozing|raw|there|have|red)\b"
)
# 'It never came back': no return.
NOT_BACK = re.compile(
    r" not (?:getting|having|wearing|needing|going to \w+|want\w*) (?:a new|another)(?: one)?(?= |$)|"
    r" never again(?= |$)| (?:never|not|nothing) (?:(?:since|ever|has|have|had) )*(?:came|come|comes|coming|had it|"
    r"had any|seen|"
    r"returned|recurred|reappeared)(?: it)?(?: back| again)?(?= |$)"
)
_WAIT = re.compile(r" (?:no wait|wait no|no , wait|scratch that|i lied|not true)\b")
# One's own condition is back; a light used again, or a sore back, is none.
_AGAIN = re.compile(
    r" (?:(?:is|are|am|was|got|came|come|comes|coming|it's|grew|grown|has|have|back) back(?! (?:clear|negative|"
    r"fine|normal|benign|ok|okay|good|from|to|home|in|with|pain))|returned(?! (?:it|them|that|to|home|from)\b)|"
    r"returns|replaced|"
    r"(?:this (?:week|month|year)|now|today) (?:[:,-] )?back(?= [.,!]|$| $)|"
    r"reopened|recurred|relapsed?|resurfaced|(?:new|another) one|(?:got|have|had|has|grew) another)\b"
)
_REPEATED = re.compile(r" again\b")
_USE = re.compile(
    r" (?:use|using|used|start|try|wear|apply|can|may|could|should|lamp|light|device|ask|order|buy|run|"
    r"feel|feeling|myself|(?:own|new|old|whole) (?:woman|man|self|person)|well|good|fine|better|healthy|happy|walk|"
    r"work|play|drive|sleep|move|singing|walking|walks|"
    r"running|runs|"
    r"playing|plays|working|works|dancing|cycling|swimming|hiking|hikes|up|out|golf|training|gardening|fit) "
)
_CLAUSE = re.compile(r" (?:[.,!?;:()-]|so|because)(?= |$)")


def restated(after: str, who: str, ended: bool) -> bool:
    """Whether what a message has denied, or said to be over, is stated again in what follows.

    Args:
        after: the text after the mention, to the end of the message.
        who: the holder.
        ended: whether the mention was said to be over, and not denied.
    """
    after = NOT_BACK.sub("", after)
    subject = "(?:i|we|it)" if who == "customer" else "(?:she|he|they|it)"
    if ended:
        subject = subject.replace("|it", "")
    elliptical = (
        r" (?:but|yet|though|although|wait|actually|now|well|month|week|time|year|says|say|shows|test|out|,|\.|-|\?|!|"
        r",? and) "
        rf"(?:the (?:test|doctor|scan|results?) (?:says?|shows?) |in fact |actually |now |yes |of course |that )*"
        rf"{subject} (?:really |in fact |definitely |now )?{_POSITIVE}{_END}"
    )
    if re.search(elliptical, after) or _WAIT.search(after) or (_END_ONLY.search(after) if ended else False):
        return True
    if not ended and _DENIAL_ONLY.match(after):
        return True
    if _AGAIN.search(after):
        return True
    return any(_REPEATED.search(clause) and not _USE.search(clause + " ") for clause in _CLAUSE.split(after))


_CLAIMED = re.compile(
    r" (?:says?|said|thinks?|thought|claims?|claimed|believes?|believed|insists?|insisted|told me|swears?|assumes?)"
    r" (?:[^ .?!]+ )*$"
)
_CONTRADICTED = re.compile(
    r" (?:but|yet|though|however|although)\b.* (?:says?|said|shows?|showed|positive|wrong|lies|lying|disagree\w*|"
    r"otherwise|different|i (?:am|do|have|know)(?! not)|(?:she|he) (?:is|does|has)(?! not))\b|"
    r" (?:he|she|they) (?:is|are) (?:wrong|mistaken|lying)\b"
)


def contradicted(before: str, after: str) -> bool:
    """Whether a denial is only what somebody says, and the message says otherwise."""
    return bool(_CLAIMED.search(before) and not re.search(r" i (?:said|told) ", before) and _CONTRADICTED.search(after))
