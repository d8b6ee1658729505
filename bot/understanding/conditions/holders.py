"""Who has a condition."""

import re
from itertools import pairwise

from bot.understanding.conditions.denial import NOBODY
from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.people import CUSTOMER, OWNERS, PEOPLE, Anchor
from bot.understanding.conditions.relations import PAIRS
from bot.understanding.conditions.words import Token, word_set

# Who, whether that person has died, and the status if it is not that of the first one: 'I am not, my wife is'.
Holder = tuple[str, bool, str]

_BETWEEN_TWO = re.compile(
    r"^(?:(?:and|or|nor|both|also|plus|with|,|/) (?:(?:my|our|the|his|her|also|both|both of) )*)+$"
)
_FOR = word_set("for to of with from on at near by")
# A general form that is the customer: 'as a pregnant woman', 'people with a pacemaker like me', 'I am one of them'.
_AS_ONE = re.compile(
    r"(?<!such )(?<!same )(?<!well )\b(?:as|being) (?:an? )(?:[^ .?!,]+ ){0,3}$|\bas (?:someone|somebody|one|people) "
)
SUCH_AS_ME = re.compile(
    r" (?:like|as|including) (?:me|myself|us|ourselves|mine|i am|i do)\b(?! too)| (?:me|myself) included\b|"
    r" that is (?:me|us|my)\b|"
    r" i (?:belong to|count among|live as) | i am (?:also )?(?:(?:one|some|part|among|such|1) (?:of|a|an)?|one\b|"
    r"among )| (?:so am i|i am too|i have one|i do too|same here|me too)\b"
)
# Whose work it is: 'a nurse on a cancer ward', not 'my cancer nurse'.
_WORKS = re.compile(
    r" (?:work\w*|job|nurse|doctor|volunteer\w*|carer|surgeon|technician|porter|cleaner) (?:[^ .?!,]+ ){0,4}$|"
    r" (?:am|is|are|as|was|being) (?:an? |the )?(?:\w+ )?$"
    r"| (?:i|we) (?:fit|sell|repair|research|study|implant|build|make) (?:\w+ )?$"
)
_AT_WORK = re.compile(
    r"^ ?(?:care )?(?:nurses?|ward|doctors?|clinics?|unit|department|specialist|surgeon|technician|researcher|"
    r"centre|center|hospital|"
    r"hospice|consultant|therapist|carers?|worker|team|lab|practice|charity|coach|counsellor|for a living)\b"
)
# Who else has it, after the mention: before such a person, and behind.
_MY = r"(?:(?:my|our|the|other|older|elder|younger|big|little|eldest|oldest|youngest) )*"
_AND_SO = re.compile(
    r"^(?:[^ .?!;]+ ){0,4}?(?:[.,;-] )?(?:and |but )?(?:so|neither|nor|as) (?:is|are|has|have|does|do|did|am|was|"
    rf"can) {_MY}$"
    r"|^(?:, |- )?(?:and )?(?:just |exactly |same |much |together |along )?(?:like|as well as|as|with|and so|plus)"
    rf" (?:for )?{_MY}$"
)
_AND_TOO = re.compile(r"^(?:[^ .?!;]+ ){0,8}?(?:[.,;-] )*(?:and )?(?:also )?" + _MY + "$")
_TOO = re.compile(r"^(?:(?:is|has|does|do|have|am|are) )?(?:(?:one|it) )?(?:too|as well|also|likewise)\b")
_CONTRAST = re.compile(
    r"^(?:(?!X )[^ .?!;]+ ){0,6}?(?:[.,;-] )+(?:(?:but|and|however|while|whereas|although|though|only|it is|"
    rf"that is) )*{_MY}$"
    rf"|^(?:(?!X )[^ .?!;]+ ){{0,6}}?(?:but|while|whereas|although|though|and) (?:it is )?{_MY}$"
)
_DOES = re.compile(
    r"^(?P<verb>(?:still |also )?(?:is|does|has|are|do|have|am|was|did)(?P<no> not)?)(?: the one| one| hers| his|"
    r" theirs)?(?= (?:[.,!?;)-]|so|can|and|"
    r"but)|$| $)"
)
# Of these nobody has several, so that a question about them is about anybody's: 'are pacemakers a problem?'
_AS_SUCH = re.compile(
    r"(?:pacemakers|defibrillators|stimulators|pumps|icds|devices|electronics|wounds|cuts|lacerations|gashes|ulcers|"
    r"tumou?rs|cancers|melanomas|carcinomas|lipomas|malignancies|fractures|bones|infections|inflammations|pregnancies|"
    r"abscesses)$"
)
_DETERMINED = re.compile(
    r" (?:my|his|her|their|our|your|these|those|the|any|no|some|two|three|both|several|\d+|have|has|had|got|with no|"
    r"without)(?: \w+)? $"
)
_ASKS = re.compile(
    r"^ (?:(?:so|and|but|ok|hi|hello|please|also) )*(?:can|could|may|might|is|are|does|do|should|will|would|what|how|"
    r"which|who|must|shall|why)\b|.* \? $"
)
# It is said to be somebody else's, and not the customer's.
_NOT_ME = re.compile(r" (?:not|rather than|instead of) (?:me|mine|myself)\b(?! only| just)")
_USES_IT = re.compile(
    r" (?:for|on|to|use|uses|using|try|wants?|buy|wear|bother|affect) (?:[^ ]+ ){0,3}?(?:, )?not me\b"
)
_NO_IT_IS = re.compile(
    r"^ (?:(?:no|nope|sorry|actually|wait|oops|correction|my mistake|,) )+(?:it|that) (?:is|was) .* (?:who|that|with) "
)
_WHOLE_FAMILY = re.compile(
    r" (?:everyone|everybody|all) (?:of us )?in (?:my|our) (?:family|household|house)\b| (?:my|our) (?:whole|"
    r"entire) family\b"
)


def holders(hit: Hit, tokens: list[Token], people: list[Anchor]) -> list[Holder]:
    """All who have the condition of a hit, the first one being the one it is said of."""
    sentence = tokens[hit.first].sentence
    lead = " " + "".join(t.text + " " for t in tokens[: hit.first] if t.sentence == sentence)
    nobody = NOBODY.search(lead)
    if nobody and nobody["else"]:
        return [(PEOPLE, False, "")]
    following = " ".join(t.text for t in tokens[hit.last : hit.last + 4])
    if _AT_WORK.match(following) and _WORKS.search(lead) and not re.search(r" (?:my|her|his) (?:\w+ )?$", lead):
        return [(PEOPLE, False, "")]
    who, late = holder(hit, tokens, people)
    if all(a.who == "they" and a.first > hit.first for a in people) and _is_general(hit, tokens, lead):
        return [(PEOPLE, False, "")]
    near = lead + " ".join(t.text for t in tokens[hit.first :] if t.sentence - sentence <= 1)
    general = who == PEOPLE or (who in ("patient", "mother", "parent") and " my " not in lead)
    if (general and _AS_ONE.search(lead)) or (who == PEOPLE and SUCH_AS_ME.search(near)):
        who = CUSTOMER
    of_the_mother = hit.condition == "pregnancy" or re.match(r"nursing|breast|lactat|pumping|chest", hit.words[0])
    if of_the_mother and who in ("baby", "child", "twin"):
        who = next((a.who for a in reversed(people) if a.who != who and a.first < hit.first), CUSTOMER)
    found: list[Holder] = [(each, late, "") for each in PAIRS.get(who, (who,))]
    found += [(a.who, a.late, "") for a in _together(hit, tokens, people, who)]
    found += _others_after(hit, tokens, people, who)
    here = lead + "".join(t.text + " " for t in tokens[hit.first :] if t.sentence == sentence)
    instead = _NO_IT_IS.match(lead) or (_NOT_ME.search(here) and not _USES_IT.search(here))
    if instead and who not in (CUSTOMER, PEOPLE):
        found.append((CUSTOMER, False, "denied"))
    if hit.words[-1] in ("pregnant", "expecting") and re.search(
        r" we (?:are|both are)(?: \w+){0,2} $| we are(?: \d+ \w+)? $", lead
    ):
        named = [a.who for a in people if a.who in ("wife", "girlfriend", "partner")]
        found.append((named[0] if named else "partner", False, ""))
    if _WHOLE_FAMILY.search(near):
        found = [(CUSTOMER, False, ""), *found, ("family", False, "")]
    seen: dict[str, Holder] = {}
    for each in found:
        seen.setdefault(each[0], each)
    if len(seen) > 1:
        seen.pop(PEOPLE, None)
    return list(seen.values())


def _is_general(hit: Hit, tokens: list[Token], lead: str) -> bool:
    """Whether a question that names nobody is about all who have a condition."""
    phrase = " ".join(t.text for t in tokens[hit.first : hit.last])
    sentence = tokens[hit.first].sentence
    rest = "".join(t.text + " " for t in tokens[hit.last :] if t.sentence == sentence)
    if phrase == "pregnant" and lead.endswith(" the ") and not re.match(r"(?!is|are|can|to)[a-z]", rest):
        return True
    plural = _AS_SUCH.search(phrase) and not _DETERMINED.search(lead)
    return bool(plural) and " not " not in lead and bool(_ASKS.match(f"{lead}{phrase} {rest}"))


def _together(hit: Hit, tokens: list[Token], people: list[Anchor], who: str) -> list[Anchor]:
    """Those named in one breath with the holder: 'my mum and dad have', 'my wife and I both'."""
    here = [a for a in people if tokens[a.first].sentence == tokens[hit.first].sentence]
    before = [a for a in here if a.last <= hit.first]
    after = [a for a in here if a.first >= hit.last]
    chain: list[Anchor] = []
    pairs = [(one, other) for other, one in pairwise(reversed(before))] if before else pairwise(after)
    for one, other in pairs:
        if not _in_one_breath(one, other, tokens):
            break
        chain += [one, other]
    named = [a for a in chain if a.who != PEOPLE]
    return named if who in {a.who for a in named} else []


def _in_one_breath(one: Anchor, other: Anchor, tokens: list[Token]) -> bool:
    link = "".join(t.text + " " for t in tokens[one.last : other.first])
    if one.late != other.late or not _BETWEEN_TWO.match(link):
        return False
    verb = tokens[other.last].text.split()[0] if other.last < len(tokens) else ""
    first_word, *rest = tokens[other.first].text.split()
    # 'It is for mum, and I have lupus' are two sentences.
    apart = verb in ("has", "is", "am", "was") or first_word in ("i", "she", "he") or rest
    prepared = _FOR & {t.text for t in tokens[max(0, one.first - 2) : one.first]}
    return not (apart and verb != "both" and prepared)


def _others_after(hit: Hit, tokens: list[Token], people: list[Anchor], who: str) -> list[Holder]:
    """Those said after a mention to have it too, or in contrast to have it or not to."""
    found: list[Holder] = []
    last = tokens[hit.first].sentence + 1
    for anchor in people:
        if anchor.first < hit.last or tokens[anchor.first].sentence > last or anchor.who in (PEOPLE, who):
            continue
        words = tokens[anchor.first].text.split()
        between = "".join(t.text + " " for t in tokens[hit.last : anchor.first])
        behind = " ".join([*words[1:], *(t.text for t in tokens[anchor.last : anchor.last + 5])])
        contrast = _DOES.match(behind) if _CONTRAST.match(between) else None
        pairs = PAIRS.get(anchor.who, (anchor.who,))
        if _AND_SO.match(between) or (_AND_TOO.match(between) and _TOO.match(behind)):
            found += [(each, anchor.late, "") for each in pairs]
        elif contrast:
            found += [(each, anchor.late, "denied" if contrast["no"] else "stated") for each in pairs]
        elif between.rstrip().endswith(("it is my", "it is our")) and re.match(r"^(?:[.,!?;]|who|$)", behind):
            found += [(each, anchor.late, "stated") for each in pairs]
    return found


def holder(hit: Hit, tokens: list[Token], people: list[Anchor]) -> tuple[str, bool]:
    """Who has the condition of a hit, and whether that person has died."""
    sentence = tokens[hit.first].sentence
    here = [a for a in people if tokens[a.first].sentence == sentence]
    before = [a for a in here if a.last <= hit.first]
    inside = [a for a in here if hit.first <= a.first < hit.last]
    # After the condition 'they' is the condition itself: 'deep wounds, do they count?'; and who only says so has none.
    after = [a for a in here if a.first >= hit.last and a.who != "they" and not _says(a, tokens)]
    following = " ".join(t.text for t in tokens[hit.last : hit.last + 5] if t.sentence == sentence)
    owned = re.match(r"(?:is|are|was|belongs to|: |- )\s*(?:my |our )?[\w-]+ 's\b|(?:is|was) (?:my )", following)
    if after and owned and after[0].first - hit.last <= 3 and after[0].who != CUSTOMER:
        return after[0].who, after[0].late
    adjacent = [a for a in after if a.first - hit.last <= 1 and a.who != CUSTOMER]
    close = inside + [
        a for a in adjacent if all(t.text in _ADJECTIVES or a.first == hit.last for t in tokens[hit.last : a.first])
    ]
    # 'I am a pregnant woman', 'my mother is a cancer patient': who is said to be one, not all of them.
    lead = "".join(t.text + " " for t in tokens[: hit.first])
    if close and before and re.search(r"\b(?:am|is|was|as|are)(?: (?:a|an|also|now))* $", lead):
        return before[-1].who, before[-1].late
    own = [a for a in close if a.who != PEOPLE and _attributive(tokens, hit, a)]
    if own:
        return own[0].who, own[0].late
    if _generic_inside(tokens, hit, close):
        return PEOPLE, False
    if before:
        return before[-1].who, before[-1].late
    if after and not any(t.text == "and" for t in tokens[hit.last : after[0].first]):
        return after[0].who, after[0].late
    # Nobody in this sentence: the one person the message is about, unless the customer speaks of themselves.
    named = [a for a in people if not _says(a, tokens) and not (a.who == "they" and a in here)]
    others = {a.who for a in named if a.who not in (CUSTOMER, PEOPLE)}
    if len(others) == 1 and not any(a.who == CUSTOMER for a in people):
        return next((a.who, a.late) for a in people if a.who in others)
    return CUSTOMER, False


_SAYS = word_set("says said thinks told asks asked recommends suggests swears wonders believes")


def _says(anchor: Anchor, tokens: list[Token]) -> bool:
    return anchor.last < len(tokens) and tokens[anchor.last].text in _SAYS


_ADJECTIVES = word_set("old young older elderly little new dear best")


def _attributive(tokens: list[Token], hit: Hit, anchor: Anchor) -> bool:
    """Whether a condition describes a relation: 'pregnant wife', 'wife is expecting'."""
    owner = hit.first > 0 and tokens[hit.first - 1].text in OWNERS | {"late"}
    return (
        anchor.first == hit.first
        or owner
        or hit.words[-1] in ("pregnant", "<whose>")
        or tokens[hit.first].text in OWNERS
    )


def _generic_inside(tokens: list[Token], hit: Hit, close: list[Anchor]) -> bool:
    if any(a.who == PEOPLE for a in close):
        return True
    words = {t.text for t in tokens[hit.first : hit.last]}
    if hit.last < len(tokens):
        words.add(tokens[hit.last].text)
    return bool(words & {"woman", "person", "patient", "sufferer", "lady"} and not any(a.who != PEOPLE for a in close))
