"""A no to one's own question ('lupus? me? no way') and to a whole list ('I put a no next to each of these')."""

import re

# 'Lupus? Me? No way!', 'pregnant? Heavens no': any no to one's own question, but 'no problem' and the like.
_INTERJECTION = (
    r"(?:(?:me|mine|myself|us|[?!,.-]|at my age|at \d\d|with my \w+|i wish|jok(?:e|ing)|just|kidding|oh|ha|haha|"
    r"lol|well|good|heavens|god|gosh|goodness|lord|hell|jesus|christ|er|um|"
    r"thank|thankfully|luckily|sorry|absolutely|certainly|definitely|of course) )*"
)
_OWN_ANSWER = re.compile(
    rf"^ [(] (?:no|n|nope|never|none|not) [)]|^ [?]+ {_INTERJECTION}(?:(?:no|nope|nah|never|none|not) (?:way|"
    rf"chance|fear|sir|sirree|thanks|thank you|mate|me|"
    r"at all|in the (?:slightest|least)|likely|a chance|a bit(?: of it)?|in my life|ever|here|that i know(?: of)?|"
    r"us|on your life)|never had (?:it|one|any|them)|nothing (?:of the (?:sort|kind)|like (?:that|it))|"
    r"(?:i )?do not (?:need|wear|use|own) (?:it|one|any|them)|(?:no|nope|nah|never|none|not i|hardly)(?= "
    r"(?:[.,!;)-]|i (?:am|do|have) not|just|only)|$| $)|"
    r"(?:you are|you must be|are you) (?:kidding|joking|having a laugh)|(?:do not|does not) (?:be silly|have (?:it|one|"
    r"any|that))|(?:i|we|she|he) (?:am|do|does|is|have|has|are) not)"
    r"(?! (?:sure|certain|know|yet))"
)
_ABOUT_USE = re.compile(
    r" (?:with|for|people|who|can|may|could|use|used|using|safe|ok|okay|someone|about) |(?: [^ ]+){6} $"
)
# The whole list is answered at once: 'no to all of these', 'and put a no next to each'.
_EACH = r"(?:all|each|every|everything|any|both|them|these|those|that|the (?:lot|list|whole|above|rest))"
_NO_TO_ALL = (
    r"(?:(?:all|a|an|it|is|was|are|that|they|get|gets|got|i|we|put|ticked|marked|said|say|answer|answered|wrote|"
    r"circled|"
    r"crossed|big|straight|so|and|am|the|my|answers?) )*"
    rf"(?:no|nos|noes|none|nope|negative|a cross|crosses|crossed|out)(?: (?:to|for|on|at|by|against|across|next to|"
    rf"beside|"
    rf"behind|of|after|with|in|down)){{0,2}} (?:single )?{_EACH}\b"
)
# Each item can be read in one way only: else the time for a long list doubles with every item of it.
_BETWEEN = r"(?:X|,|and|or|nor|/|the|a|an|any)"
_ITEMS = rf"(?: (?:{_BETWEEN}(?= )|(?!{_BETWEEN} )[^ .?!:;,()-]+(?: [^ .?!:;,()-]+)?(?= (?:,|and|or|:|[.]|-|\)))))*"
_ALL_NO = re.compile(
    rf"^(?P<items>{_ITEMS})(?: [?:.,;)-])*(?: (?:and|so|but|,))* (?:{_NO_TO_ALL}|all (?:no|negative|none|denied)|"
    r"(?:none|nothing|not one)(?: (?:of|from|on) (?:it|them|these|those|that|the list|this))?(?: \w+)? (?:apply|"
    r"applies|fits?|concerns?|is me|is mine)|(?:i|we|she|he) (?:have|has) (?:got )?(?:none|nothing) of (?:these|those|"
    r"them|that|it)|not (?:a single )?one of (?:these|those|them)|"
    r"(?:i|we) (?:(?:can|could|must|have to|would) )?(?:all )?(?:say|said|answer|answered|tick|ticked) no(?! "
    r"to\b))(?= |$)"
)
_NO_BEFORE_ALL = re.compile(
    r" (?:(?:tick(?:ed)?|answer(?:ed)?|said|say|put|mark(?:ed)?|replied|reply|wrote|circled) (?:(?:a|the|with|down) )?"
    r"(?:no|nos|none|negative)|no(?= (?:to|for|on) (?:all|each|every))) (?:to|for|on|at|against|beside|next to|"
    r"everywhere|with)(?: (?:all|each|every|any|of|the|these|them|those|thing|things|one|ones|questions?|single|on|"
    rf"your|list|boxes|box|:|,|-))*(?: (?:(?:{_BETWEEN}|of)(?= )|(?!(?:{_BETWEEN}|of) )[^ .?!:;]+(?= (?:,|and|or"
    r"))))* $|"
    r"^ (?:no|none|negative|not|nope|neither|(?:it |they )?(?:do|does) not apply|not applicable|n / a)(?: (?:to|"
    r"for|of these|to me))? : (?:(?:any|a|an|the|X|,|and|or|nor|/|of) )*$|"
    r" none of (?:that|this|these|those|the|your)(?: (?:X|,|and|or|/|usual))* $"
)
_CLAIMS = re.compile(r" (?:i|he|she|we) (?:have|has|am|is|are)(?: got)?(?: an?)?(?: \w+)? $")


def said_no(before: str, after: str) -> bool | None:
    """Whether the question or the list of a mention is answered with no; None if it is no such.

    Args:
        before: the text before the mention in its sentence.
        after: the text after it, to the end of the message.
    """
    own = _OWN_ANSWER.match(after) and not _ABOUT_USE.search(before)
    if own or _NO_BEFORE_ALL.search(before):
        return not _CLAIMS.search(before)
    listed = _ALL_NO.match(after)
    if listed is None or _CLAIMS.search(before):
        return None
    return "," in before + listed["items"] or "X" in before + listed["items"] or " all " in listed[0]
