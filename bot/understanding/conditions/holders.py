"""Who has a condition."""

import re
from itertools import pairwise

from bot.understanding.conditions.denial import NOBODY
from bot.understanding.conditions.lexicon import Hit
from bot.understanding.conditions.people import CUSTOMER, OWNERS, PEOPLE, Anchor
from bot.understanding.conditions.relations import MALE, PAIRS
from bot.understanding.conditions.words import Token, word_set
from bot.understanding.conditions.wounds import BODY

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
# How somebody introduces himself: 'eczema patient asking'.
_SIGNS = re.compile(
    r"(?:(?:patient|sufferer|survivor|wearer|user|owner|mum|woman|man|lady) )?(?:here|asking|speaking|writing|"
    r"wondering|"
    r"with a question|checking in)\b"
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
_CLAUSE = re.compile(
    rf"(?:^|[.,;!?:-] |\b(?:and|but|because|since|as|while|though|although) )(?:also |actually )?{_MY}$"
)
_DOES = re.compile(
    r"^(?P<verb>(?:still |also )?(?:is|does|has|are|do|have|am|was|did)(?P<no> not)?)(?: the one| one| it| them| hers|"
    r" his| theirs)?(?= (?:[.,!?;)-]|so|can|and|but|though|however|instead|unfortunately|sadly|in fact)|$| $)"
)
# 'It is my aunt who has it, my wife is healthy': whatever was said before.
_HAS_NONE = re.compile(
    r"^(?:(?:is|'s|are) (?:(?:perfectly|completely|totally|very|as|quite) )*(?:healthy|in (?:good|perfect) health)"
    r"|has (?:none|nothing)(?= (?:[.,!?;)]|at all|like|of the|whatsoever)|$| $)"
    r"|has no (?:health |medical |such )?(?:conditions?|problems?|issues?|illness(?:es)?))\b(?! (?:otherwise|apart|"
    r"except|but))"
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
    r" (?:everyone|everybody|all) (?:of us )?(?:in|of) (?:my|our|the) (?:family|household|house)\b| (?:my|our|the) "
    r"(?:whole|entire) (?:family|household|house)\b| (?:everyone|everybody) (?:here|at (?:home|ours)) (?:has|is|got)\b"
)
# 'We all have shingles', 'both of us are down with flu': the others of the house have it, too.
_WE_HAVE = re.compile(
    r" (?:we|(?:both|all|each|most|some|two|three|four) of us)"
    r"(?: (?:we|all|both|each|also|too|now|still|just|currently|really|recently|probably|might|may|have|has|been|are|"
    r"down|ill|sick|here|two|three|four))*"
    r" (?:have|has|had|got|get|caught|are|with|suffers?(?: from)?|suffering from)"
    r"(?: (?!(?:not|no|never|without|i|he|she|they|but|has|have|is|with|about|to|told|read)\b)[^ .,?!;]+){0,5} $"
)
# Who treats somebody: 'he implanted the pacemaker', 'they start the chemo next week'.
_TREATS = (
    r"(?:(?:will|would|can|have|has|had|is|are|was|were|also|now|then|just|going to|want to|wants to|decided to|"
    r"plan to|need to|'s) )*"
    r"(?:implant\w*|insert\w*|fit|fits|fitted|fitting|operat\w+|perform\w*|stitch\w*|plac(?:e|es|ed|ing)|"
    r"diagnos\w+|detect\w*|discover\w*|treat\w*|prescrib\w*|install\w*|schedul\w+"
)
_HE_TREATS = re.compile(rf"^{_TREATS})\b")
_THEY_TREAT = re.compile(
    rf"^{_TREATS}|start\w*|begin\w*|began|plan\w*|give|giving|put|putting|do|doing|remov\w+|cut|cutting|take|taking)\b"
)
# 'I have had one for years': what was spoken of is this person's, too.
_HAS_ONE = re.compile(
    r"^(?:(?:do|does|also|now|already|too|myself|actually) )*(?:have|has|had|wear|wears|got)"
    r"(?: (?:had|got|worn|also|already|actually|been))*"
    r" (?:one(?: of (?:those|these|them))?|the same(?: thing| condition)?|"
    r"(?:it|that)(?= (?:too|as well|also|myself)\b))"
    r"(?= (?:[.,!?;)]|too|also|myself|herself|himself|as well|fitted|implanted|since|now|already|in me|and|so|but|"
    r"for (?:(?:\w+ )?(?:years|ages|decades|months|long)|a ))|$| $)"
)
_TO_ME = re.compile(r"(?:[^ ]+ )?(?:on ?)?to me ")
_NOTICES = re.compile(
    r" (?:(?:has|have|had|just|also|who|first) )*(?:noticed|notices|spotted|saw|sees|discovered|pointed (?:out|to)) "
)
_ON_MY = re.compile(rf"(?:[^ ]+ )?(?:on|in|behind|under|inside|near|across|down) my (?:[^ ]+ )?{BODY}\b")
_ASKS_FOR = re.compile(
    r"^(?:(?:also|just|really|'s|is|was|keeps|would|has|been) )*(?:want(?:s|ed)? to know|wonder\w*|ask\w*|"
    r"(?:like|likes) to know|needs? to know|is (?:curious|worried|unsure))\b"
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
    nearest = next((a for a in reversed(people) if a.last <= hit.first and tokens[a.first].sentence == sentence), None)
    treats = _treats(nearest, tokens) if nearest and nearest.who == who else None
    if treats == who:
        who = CUSTOMER  # nobody was spoken of whom 'they' could mean but those who treat
    if all(a.who == "they" and a.first > hit.first for a in people) and _is_general(hit, tokens, lead):
        return [(PEOPLE, False, "")]
    near = lead + " ".join(t.text for t in tokens[hit.first :] if t.sentence - sentence <= 1)
    general = who == PEOPLE or (who in ("patient", "mother", "parent") and " my " not in lead)
    signs = who in ("patient", PEOPLE) and _SIGNS.match(" ".join(t.text for t in tokens[hit.last : hit.last + 4]) + " ")
    if signs and not _DETERMINED.search(lead):
        who = CUSTOMER
    if (general and _AS_ONE.search(lead)) or (who == PEOPLE and SUCH_AS_ME.search(near)):
        who = CUSTOMER
    of_the_mother = hit.condition == "pregnancy" or re.match(r"nursing|breast|lactat|pumping|chest", hit.words[0])
    if of_the_mother and who in ("baby", "child", "twin"):
        who = next((a.who for a in reversed(people) if a.who != who and a.first < hit.first), CUSTOMER)
    found: list[Holder] = [(each, late, "") for each in PAIRS.get(who, (who,))]
    found += [(a.who, a.late, "") for a in _together(hit, tokens, people, who)]
    others = _others_after(hit, tokens, people, who)
    passed_on = _TO_ME.match(following + " ") or (nearest and nearest.who == who and _notices(hit, nearest, tokens))
    if passed_on and who not in (CUSTOMER, PEOPLE):
        found.append((CUSTOMER, False, ""))
    if hit.condition == "pregnancy" and who in MALE - {"son", "boy", "lad"}:
        found.append((CUSTOMER, False, ""))  # 'dad loves his, and I am now where number three kicks'
    only_asks = nearest is not None and _ASKS_FOR.match(_behind(nearest, tokens))
    found = others if others and only_asks and any(who == CUSTOMER for who, *_ in others) else found + others
    if treats and who != CUSTOMER and any(a.who == CUSTOMER for a in people):
        found.append((CUSTOMER, False, ""))
    here = lead + "".join(t.text + " " for t in tokens[hit.first :] if t.sentence == sentence)
    instead = _NO_IT_IS.match(lead) or (_NOT_ME.search(here) and not _USES_IT.search(here))
    if instead and who not in (CUSTOMER, PEOPLE):
        found.append((CUSTOMER, False, "denied"))
    if {"pregnant", "expecting"} & set(hit.words) and re.search(
        r" we (?:are|both are)(?: \w+){0,2} $| we are(?: \d+ \w+)? $", lead
    ):
        named = [a.who for a in people if a.who in ("wife", "girlfriend", "partner")]
        found.append((named[0] if named else "partner", False, ""))
    if _WHOLE_FAMILY.search(near):
        found = [(CUSTOMER, False, ""), *found, ("family", False, "")]
    elif who == CUSTOMER and hit.condition != "pregnancy" and _WE_HAVE.search(lead):
        found.append(("family", False, ""))
    seen: dict[str, Holder] = {}
    for each in found:
        seen.setdefault(each[0], each)
    if len(seen) > 1:
        seen.pop(PEOPLE, None)
    return list(seen.values())


def _notices(hit: Hit, anchor: Anchor, tokens: list[Token]) -> bool:
    """'My wife noticed an open sore': on whom, is not said."""
    rest = "".join(t.text + " " for t in tokens[hit.last : hit.last + 5])
    between = "".join(f" {t.text}" for t in tokens[anchor.last : hit.first]) + " "
    return bool(_NOTICES.match(between)) and not re.search(r"\b(?:his|her|their|its|himself|herself)\b", between + rest)


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
        between = "".join(t.text + " " for t in tokens[hit.last : anchor.first])
        behind = _behind(anchor, tokens)
        contrast = _DOES.match(behind) if _CONTRAST.match(between) else None
        pairs = PAIRS.get(anchor.who, (anchor.who,))
        if _AND_SO.match(between) or (_AND_TOO.match(between) and _TOO.match(behind)):
            found += [(each, anchor.late, "") for each in pairs]
        elif contrast:
            found += [(each, anchor.late, "denied" if contrast["no"] else "stated") for each in pairs]
        elif anchor.who != CUSTOMER and _CONTRAST.match(between) and _HAS_NONE.match(behind):
            found += [(each, anchor.late, "denied") for each in pairs]
        elif (_HAS_ONE.match(behind) and _CLAUSE.search(between)) or (
            between.rstrip().endswith(("it is my", "it is our")) and re.match(r"^(?:[.,!?;]|who|$)", behind)
        ):
            found += [(each, anchor.late, "stated") for each in pairs]
    return found


def _behind(anchor: Anchor, tokens: list[Token]) -> str:
    """What is said of a person, with the rest of 'I've' and 'she's'."""
    words = tokens[anchor.first].text.split()[1:] if anchor.last == anchor.first + 1 else []
    return " ".join([*words, *(t.text for t in tokens[anchor.last : anchor.last + 5])])


def _treats(anchor: Anchor, tokens: list[Token]) -> str | None:
    """The word 'they', 'he' or 'she' where it is for those who treat somebody: whom, is not said."""
    word = tokens[anchor.first].text.split()[0]
    rule = _THEY_TREAT if word == "they" else _HE_TREATS if word in ("he", "she") else None
    return word if rule and rule.match(_behind(anchor, tokens)) else None


def holder(hit: Hit, tokens: list[Token], people: list[Anchor]) -> tuple[str, bool]:
    """Who has the condition of a hit, and whether that person has died."""
    sentence = tokens[hit.first].sentence
    here = [a for a in people if tokens[a.first].sentence == sentence]
    before = [a for a in here if a.last <= hit.first]
    inside = [a for a in here if hit.first <= a.first < hit.last]
    # After the condition 'they' is the condition itself: 'deep wounds, do they count?'; and who only says so has none.
    after = [a for a in here if a.first >= hit.last and a.who != "they"]
    after = [a for a in after if a.first == hit.last or not _says(a, tokens)]  # 'my pregnant cousin asks'
    after = [a for a in after if not _in_contrast(hit, a, tokens)]
    following = " ".join(t.text for t in tokens[hit.last : hit.last + 5] if t.sentence == sentence)
    owned = re.match(r"(?:is|are|was|belongs to|: |- )\s*(?:my |our )?[\w-]+ 's\b|(?:is|was) (?:my )", following)
    if after and owned and after[0].first - hit.last <= 3 and after[0].who != CUSTOMER:
        return after[0].who, after[0].late
    # Whoever did it, or saw it: 'my partner broke my wrist', 'my wife found a melanoma on my back'.
    if any(a.who == CUSTOMER and tokens[a.first].text == "my" for a in inside) or _ON_MY.match(following):
        return CUSTOMER, False
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
    named = [a for a in named if not _in_contrast(hit, a, tokens)]
    others = {a.who for a in named if a.who not in (CUSTOMER, PEOPLE)}
    if len(others) == 1 and not any(a.who == CUSTOMER for a in people):
        return next((a.who, a.late) for a in people if a.who in others)
    return CUSTOMER, False


def _in_contrast(hit: Hit, anchor: Anchor, tokens: list[Token]) -> bool:
    """'Not pregnant. But my dog is': what comes before is not said of the dog."""
    between = "".join(t.text + " " for t in tokens[hit.last : anchor.first])
    sentence = tokens[hit.first].sentence
    is_after = anchor.first >= hit.last and tokens[anchor.first].sentence <= sentence + 1
    denied = {"no", "not", "never", "without", "neither"} & {
        word for t in tokens[: hit.first] if t.sentence == sentence for word in t.text.split()
    }
    return is_after and bool(denied) and bool(_CONTRAST.match(between) and _DOES.match(_behind(anchor, tokens)))


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
