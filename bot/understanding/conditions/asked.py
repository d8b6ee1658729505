"""Whom the question or wish of a message is about."""

import re
from itertools import pairwise

from bot.understanding.conditions.holders import SUCH_AS_ME
from bot.understanding.conditions.left_out import complains_of_own, done_with, left_out
from bot.understanding.conditions.people import CUSTOMER, PEOPLE, UNBORN, Anchor, anchors
from bot.understanding.conditions.references import references
from bot.understanding.conditions.relations import PAIRS
from bot.understanding.conditions.words import Token, tokenize, word_set

_OPENER = re.compile(
    r"^(?:so |and |but |ok |hi |hello )*(?:can|could|may|might|is|are|does|do|"
    r"should|will|would|what|how|which|when|who|am|must|shall)\b"
)
_WISH = re.compile(
    r"\b(?:want|wants|would like|wish|wishes|hope|hopes|hoping|looking for|need|"
    r"needs|interested|for|asking|ask)\b"
)
_MODALS = word_set("can could may might should would will must shall does do")
# 'I want to buy/know/ask' is about the speaker's errand, not about who lies under the light.
_ERRAND = word_set("buy order get know ask wonder purchase give recommend tell gift")


# Who only says, gives, uses or wants to know is a bystander; so is one who is fine, or near whom it is used.
_BYSTANDS = re.compile(
    r"^(?:(?:also|just|already|really|always|has|have|had|who|will|would|'s|keeps|kindly|even) )*"
    r"(?:says?|said|saying|thinks?|thought|told|tells?|bought|buys|buying|gave|gives|given|recommend\w*|suggest\w*|"
    r"ordered|"
    r"sent|swears|loves?|loved|mentioned|showed|wonder\w*|ask(?:s|ed)?|heard|read|lent|sold|uses|used (?!to)|owns|"
    r"paid|brought|"
    r"(?:want|wants|wanted|like|likes|wish|wishes) to (?:know|ask|find|hear|buy me|see)|(?:has|had|got) (?:one|it|"
    r"this|the same)|"
    r"(?:got|gets) (?:it|one|this|me)|(?:is|are) (?:fine|well|ok|okay|good|great|happy|here|away|curious|sceptical|"
    r"skeptical|"
    r"healthy|at work|not ill|a (?:doctor|nurse|gp|vet|physio\w*)))\b"
)
_NEAR = re.compile(
    r"(?:^| )(?:near|around|beside|next to|close to|(?<!used )by|from|behind|says|said|via|in front of)(?: (?:my|"
    r"our|the|a|his|her|late))*$"
    r"|(?:^| )(?:gave|given|gives|sold|recommended|suggested|sent|lent|told|bought|tell|brought|showed|show|got)"
    r"(?: (?:it|this|that|one|them|the \w+|a \w+))?(?: to)?(?: (?:my|our|the|his|her))?$"
)
_LINKING = word_set("my our both the also for on his her , maybe even perhaps")
# 'It is for mum, and dad has lupus' asks for mum.
_HAS = re.compile(r"(?:(?:also|just) )?(?:has|had|is|was|wears?|said|says|will)\b")
# 'Both of them' are asked about; 'one of them', 'I have two of them' are no people.
_EACH_OF = re.compile(r"(?:^| )(?:both|each|either|all|(?:the|all|these) (?:two|three|four|\d)) of$")
_AT_RISK = re.compile(
    r"(?:^| )(?:risks?|risky|danger\w*|harm\w*|hurts?|affects?|reach\w*|damage\w*|safe|bad|ok|okay|fine|good|effects?|"
    r"problem|pass(?:es)?|nursing|breast ?feed\w*|feed\w*|carrying|expecting)(?: (?:to|for|on|the|my|our|her|a))*$"
)
# A question with a topic of its own is about whoever it names; any other is about whom was spoken of just before.
_OWN_TOPIC = re.compile(
    r" (?:help\w*|good|works?|use|useful|effective|treats?|cures?|relieves?|reduces?|soothes?|eases?|heals?|"
    r"something|anything)"
    r" (?:(?:also|you|in) )?(?:(?:with|for|against|on|to) )?"
    r"(?!(?:that|this|it|him|her|them|me|us|so|too|and|or|at|the|a|an|there|then|in|by|there|do|you|he|she|if|with|"
    r"for|now|even)\b)\w+"
    r"|^ (?:so |and |but )?(?:how|when|where|who|why|which|what (?!about))"
)

_ASKS_WHETHER = re.compile(
    r"(?:(?:now|also|just|still|again|'s|is|keeps|would|has) )*(?:asks?|asking|asked|wonders|wondering|wants to know|"
    r"would like to know|like to know) (?:me |you )?(?:whether|if) "
)
# Where a question begins within a sentence: 'she has lupus can I', 'just curious how it works'.
_ASKS_FOR = word_set("what how which who why")
_OPENS = _ASKS_FOR | _MODALS - {"must", "shall"} | word_set("where when am any shall")
_AFTER_OPENS = word_set(
    "it the this that your ur u you i my red light pad there a one he she they any these much many do does"
)
_ASKS_INSIDE = re.compile(
    r"^ (?:so |and |but |ok |hi |hello |anyway )*(?:can|could|may|might|is|are|does|do|should|will|would|what|"
    r"how|which|"
    r"when|who|am|must|shall|any)\b| (?:how|why|whether) (?:it|the|red|this|your|do|does|much|long)\b"
    r"| (?:can|could|does|do|would|is|should|will) (?:i|it|the|this|your|ur|you|he|she|red|u) "
)


def asked_person(text: str) -> str | None:
    """Whom the last question or wish of a message is about.

    Args:
        text: the message.

    Returns:
        'customer', 'people', a relation in its one word, 'she', 'he' or 'they'; None if it names nobody.
    """
    tokens = tokenize(text)
    everyone = anchors(tokens)
    begin, end = question_part(tokens)
    apart = {a.who for a in left_out(tokens, everyone, begin if tokens and tokens[end - 1].text == "?" else None)}
    done = done_with(tokens, everyone)
    apart |= done - {"she", "he", "they", "baby"}
    people = [a for a in everyone if not a.late and a.who not in apart]
    people = [a for a in people if not _bystands(a, tokens) and not _is_one(a, tokens)]
    who = _named_in(*asking_sentence(tokens), people, tokens) if people else None
    if who in (None, CUSTOMER, PEOPLE) and not any(t.text == "?" for t in tokens):
        # 'I meant my mum', 'my wife has one': whose condition it is, and who is asked about from now on.
        others = [r.holder for r in references(tokens, everyone) if r.holder not in {CUSTOMER, "baby", *done}]
        who = others[-1] if others else who
    if who is None and all(a.who == CUSTOMER for a in everyone) and complains_of_own(tokens, everyone):
        return CUSTOMER  # 'My neck aches. Does it help?'
    if who is None:
        who = _asks_for_himself(everyone, tokens)
    if who == PEOPLE and SUCH_AS_ME.search("".join(f" {t.text}" for t in tokens) + " "):
        return CUSTOMER
    if who == CUSTOMER and _only_we(everyone, tokens):
        return None  # 'can we speed it up?' may be about whoever was spoken of
    return _both(who, people, tokens)


def _asks_for_himself(everyone: list[Anchor], tokens: list[Token]) -> str | None:
    """'Mum asks whether she may' needs no she: who asks whether it is allowed asks for himself."""
    asking = [a for a in everyone if _ASKS_WHETHER.match(_behind(a, tokens))]
    return asking[-1].who if asking and len({a.who for a in everyone}) == 1 else None


def _behind(anchor: Anchor, tokens: list[Token]) -> str:
    return " ".join(t.text for t in tokens[anchor.last : anchor.last + 5])


def _only_we(everyone: list[Anchor], tokens: list[Token]) -> bool:
    """Whether the message names somebody, and the speaker only as one of several."""
    speakers = [tokens[a.first].text.split()[0] for a in everyone if a.who == CUSTOMER]
    others = any(a.who not in (CUSTOMER, PEOPLE, "baby") for a in everyone)
    return others and all(word in ("we", "us", "our", "ours") for word in speakers)


def _both(who: str | None, people: list[Anchor], tokens: list[Token]) -> str | None:
    """'Mum and dad' are the parents, and any other two asked about in one breath 'they'."""
    for one, other in pairwise(people):
        link = [t.text for t in tokens[one.last : other.first] if t.text not in _LINKING]
        if link not in (["and"], ["or"], ["/"], ["plus"]) or who not in (one.who, other.who) or one.who == other.who:
            continue
        if _HAS.match(_after(other, tokens)):
            continue
        pair = next((pair for pair, two in PAIRS.items() if {one.who, other.who} == set(two)), None)
        if pair and link == ["and"]:
            return pair
        asked = target(tokens, [one]) or subject(tokens, [one])
        if asked and not {one.who, other.who} & {CUSTOMER, PEOPLE}:
            return "they"
    return who


def _after(anchor: Anchor, tokens: list[Token]) -> str:
    words = tokens[anchor.first].text.split()[1:]
    return " ".join([*words, *(t.text for t in tokens[anchor.last : anchor.last + 2])])


def _is_one(anchor: Anchor, tokens: list[Token]) -> bool:
    """'Can one use it' asks for whoever is spoken of."""
    return anchor.who == PEOPLE and tokens[anchor.first].text == "one"


def _named_in(sentence: int, asks: bool, people: list[Anchor], tokens: list[Token]) -> str | None:
    here = [a for a in people if tokens[a.first].sentence == sentence]
    clause = _last_clause(sentence, tokens)
    bare = not _OWN_TOPIC.search("".join(f" {t.text}" for t in clause))
    if not here:
        earlier = [a for a in people if tokens[a.first].sentence < sentence]
        if asks and earlier and not bare:
            return None
        return (earlier or people)[-1].who
    if asks and clause and not bare and _OPENER.match(" ".join(t.text for t in clause)):
        in_clause = [a for a in here if tokens[a.first].start >= clause[0].start]
        here = in_clause or [a for a in here if a.who == CUSTOMER]
        if not here:
            return None
    named = [a for a in here if a.who != "they"] or here  # an unresolved 'they' is mostly doctors
    return (target(tokens, named) or (subject(tokens, named) if asks else _speaker(tokens, named)) or named[0]).who


def _last_clause(sentence: int, tokens: list[Token]) -> list[Token]:
    """What stands after the last comma of a sentence that more than two words follow."""
    words = [t for t in tokens if t.sentence == sentence]
    commas = [n for n, t in enumerate(words) if t.text in (",", "-", ":") and len(words) - n > 3]
    return words[commas[-1] + 1 :] if commas else words


def _bystands(anchor: Anchor, tokens: list[Token]) -> bool:
    lead = " ".join(t.text for t in tokens[max(0, anchor.first - 6) : anchor.first])
    behind = " ".join(t.text for t in tokens[anchor.last : anchor.last + 5])
    if anchor.who in ("baby", "twin") and (UNBORN.match(behind) or _AT_RISK.search(lead)):
        return True
    if tokens[anchor.first].text == "them" and lead.endswith("of") and not _EACH_OF.search(lead):
        return True
    if anchor.who == CUSTOMER:
        return tokens[anchor.first].text == "me" and "nobody" not in lead and bool(_NEAR.search(lead))
    if tokens[anchor.first].text.endswith(" 's") or tokens[anchor.first].text in ("her", "his"):
        return False
    if re.search(r"(?:^| )(?:if|can|could|may|should|let|whether)(?: (?:my|our|the|her|his))?$", lead):
        return False
    return bool(_NEAR.search(lead) or _BYSTANDS.match(behind))


def asking_sentence(tokens: list[Token]) -> tuple[int, bool]:
    """The number of the last sentence that asks, else wishes, else of the last; whether it asks or wishes."""
    texts: dict[int, list[str]] = {}
    for token in tokens:
        texts.setdefault(token.sentence, []).append(token.text)
    worded = [n for n, words in texts.items() if any(w not in ".!?;:,()/-" for w in words)]
    asking = [n for n in worded if texts[n][-1] == "?" or _OPENER.match(" ".join(texts[n]))]
    wishing = [n for n in worded if _WISH.search(" ".join(texts[n]))]
    return (asking or wishing or worded or list(texts))[-1], bool(asking or wishing)


def question_part(tokens: list[Token]) -> tuple[int, int]:
    """Where the last question of a message begins and ends: from its last clause or its opening word on."""
    if not tokens:
        return 0, 0
    numbers = sorted({t.sentence for t in tokens})
    opened = [n for n in numbers if _ASKS_INSIDE.search("".join(f" {t.text}" for t in tokens if t.sentence == n) + " ")]
    marked = [n for n in numbers if any(t.text == "?" for t in tokens if t.sentence == n)]
    number = (marked or opened or [asking_sentence(tokens)[0]])[-1]
    places = [n for n, t in enumerate(tokens) if t.sentence == number]
    begin, end = places[0], places[-1] + 1
    for n in places:
        left = sum(t.is_word for t in tokens[n + 1 : end])
        opens = tokens[n].text in _OPENS and n + 1 < end and tokens[n + 1].text.split()[0] in _AFTER_OPENS
        if opens and left > 1 and (n == places[0] or tokens[n - 1].text not in _ASKS_FOR):
            begin = n
        elif tokens[n].text in (",", ":", "-") and left > 2:
            begin = n + 1
    return begin, end


def _speaker(tokens: list[Token], here: list[Anchor]) -> Anchor | None:
    """The customer, where a mere statement also says 'I'."""
    return next((a for a in here if tokens[a.first].text.split()[0] in ("i", "we")), None)


def target(tokens: list[Token], here: list[Anchor]) -> Anchor | None:
    """The person whom the device is for or on: 'for mum', 'on my wife's knee', 'for both of us'."""
    for anchor in reversed(here):
        lead = [
            t.text
            for t in tokens[max(0, anchor.first - 5) : anchor.first]
            if t.sentence == tokens[anchor.first].sentence
        ]
        if re.search(
            r"(?:^| )(?:for|on|(?:this|it|question|asking|writing) (?:is )?about|(?:give|gift|pass) (?:it |"
            r"this |one )?to|suit|suits|help|helps|treat|"
            r"treating)(?: (?:my|our|her|"
            r"his|their|a|an|the|both|all|each|either|two|three|"
            r"of|late|old|own|\w+ing|pregnant|elderly|teenage|sick|poor|dear|\w+ old|"
            r"\w+ (?:day|week|month|year)s?))*$",
            " ".join(lead),
        ):
            return anchor
    return None


def subject(tokens: list[Token], here: list[Anchor]) -> Anchor | None:
    """The subject of the last verb of permission or ability: 'can she', 'my mum could'."""
    for anchor in reversed(here):
        follow = [t.text for t in tokens[anchor.last : anchor.last + 4]]
        first = tokens[anchor.first].text.split()
        after = set(first[1:2]) | set(follow[0].split()[:1] if follow else [])
        lead = [w for t in tokens[max(0, anchor.first - 4) : anchor.first] for w in t.text.split()]
        subject = first[0] not in ("my", "me", "her", "his", "him", "them", "their", "our", "us")
        before = bool(
            re.search(
                r"(?:^| )(?:can|could|may|might|should|would|will|must|shall|does|do|did|"
                r"is|are|am)(?: (?:my|our|a|an|the|her|his|pregnant|not|i))*$",
                " ".join(lead[-3:]),
            )
        )
        if subject and not _ERRAND & set(follow[:4]) and (after & _MODALS or before or {"want", "wants"} & after):
            return anchor
    return None
