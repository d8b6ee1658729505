"""Which people of a message its question is not about, so that what they have says nothing of who is asked about.

In doubt nobody is: what a message tells of anybody counts for its answer.
"""

import re

from bot.understanding.conditions.asked import asked_person, question_part, subject, target
from bot.understanding.conditions.left_out import OWN_BODY as _BODY
from bot.understanding.conditions.left_out import RISK, done_with, left_out
from bot.understanding.conditions.people import CUSTOMER, NOT_SO_CALLED, PEOPLE, Anchor, anchors
from bot.understanding.conditions.relations import PAIRS, PETS
from bot.understanding.conditions.words import Token, tokenize, word_set

_MY_BODY = (
    rf"my (?:own )?(?:(?!wife|husband)[^ .,;:?!]+ ){{0,3}}?{_BODY}"
    r"(?! (?:pads?|panel|mat|lamp|light|belt|wrap|cushion)\b)"
)
_NOT_OTHERS = r"(?! to )(?! (?:and|or) (?:my|our|the|him|her|them|P)\b(?! (?:[^ ]+ ){0,2}?" + _BODY + r"\b))"
# Said anywhere after whoever else has something: the question is for the speaker's own body.
_FOR_ME = re.compile(
    rf" (?:it|this|that|the \w+|one|pad|panel|lamp|just|only|but|and|so|asking|ask|writing|meant|"
    rf"question is) (?:would be |is |"
    rf"are |was )?(?:really |just |only |all )?(?:for|about) (?:me|myself|my own|{_MY_BODY})\b{_NOT_OTHERS}"
    rf"| (?:am|was) (?:only |just )?(?:asking|writing)(?: this)? (?:for|about|on behalf of) (?:me|myself|my own|"
    rf"{_MY_BODY})\b"
    r"| it is me (?:who|that|with|i|,)| (?:,|\.|;|!|:|-|for|as for|and) me (?:, )?(?:it is|its|i|my|:|,) "
    rf"| it is my (?:own )?(?:[^ ]+ )?{_BODY}\b"
    r"| (?:i (?:would |will )?(?:(?:only|just|rather|really) )*(?:want|need|am after|like)|"
    r"i (?:(?:only|just|would|will|rather|could) )+(?:use|get|try|have|be using)|i am only using)"
    rf" (?:to use )?(?:[^ .?!;]+ ){{0,5}}?(?:for|on|with) {_MY_BODY}\b"
    rf"| my (?:own )?(?:[^ .,;:?!]+ )?{_BODY}(?: 's)? (?:(?:just|really|always|often|only|now) )*(?:is|are|am|"
    rf"ache|aches|"
    r"hurt|hurts|feel|feels|get|gets|go|goes|gone|stiff|sore|tight|cold|tired|always|playing|killing|in bits)"
    r"(?! (?:all |quite |perfectly |just )?(?:fine|ok|okay|good|great|healthy|right|strong)\b)\b"
    r"| i (?:have|got|get|have got|am getting|suffer from|am suffering from) (?:(?!about|whether|if|asked|for)[^ "
    r".,;:?!]+ ){0,3}?(?:backache|"
    r"aches?|pains?|"
    r"stiff\w*|sore\w*|arthritis|cold (?:hands|feet|fingers|toes)|tension|cramps?|wrinkles)\b"
    r"| (?:used|worn|tried|needed|wanted) (?:only |just )?by me\b"
    r"| (?:i am|am i) (?:just |only |all |so |a bit |really )*(?:stiff|sore|achy|aching|tense)\b"
)
# In the question itself.
_OWN_QUESTION = re.compile(
    rf" (?:for|about) (?:me|myself)\b{_NOT_OTHERS}| (?:do|does|give|help\w*|suit\w*|ease|"
    rf"benefit) me\b(?! (?:help|treat|to) )"
    rf"{_NOT_OTHERS}| {_MY_BODY}\b| mine (?:is|be|for)\b| (?:help|on|for|with|of|to|do) mine\b"
)
# Who may be meant by these is never told apart; 'it' is only for animals.
_ALL_OF_US = re.compile(
    r" (?:both|us|we|together|each other|share|shared|sharing|ourselves|everyone|everybody|all of) "
)
_IT_THE_ANIMAL = re.compile(
    r" (?:on|onto|over|to|around|for|near|with|help|give|let|suit|can|could|may|does|is) (?:it|its) (?!for|help|"
    r"work|safe|do\b)"
)
_THEM = re.compile(
    r" (?:for|on|to|with|help|hurt|harm|suit|affect|give|let|lend|of|around|over) (?:them|theirs|themselves) | "
    r"(?:can|could|may|might|should|would|do|does|are|will) they | their "
)
_ROLES = word_set(
    "patient client customer student pupil resident guest tenant mother parent teacher coach trainer grandmother "
    "grandparent"
)
_DETERMINERS = word_set("my our a an the one his her their some this that another each every")
_USES = re.compile(r" (?:use|using|try|wear|lie|benefit|have (?:it|one|a go)|sit) ")
# Who only puts, gives or holds is not whom it is used on.
_HANDLES = re.compile(
    r" (?:put|puts|hold|holds|give|gives|lend|place|strap|wrap|lay|buy|order|switch|turn|set|leave|rub|apply|"
    r"treat|attach|"
    r"surprise|get) "
)
# A question of use; 'how does it help' and 'does it work' are of how it works.
_OF_USE = re.compile(
    r" (?:use|uses|using|used|put|place (?:it|the)|hold|lay|lie|strap|wrap|wear|apply|try|safe|ok|okay|"
    r"fine(?! lines)|alright|all right|allowed|"
    r"suitable|risky|dangerous|harm\w*|good for|good idea|good present|help (?:with|against)) "
)

# Only these are of nobody's use: 'does it relax that?' and 'which do you recommend?' ask for whom was told of.
_OF_NOBODY = re.compile(
    r" (?:how (?!long|soon|often|many|about)|why |what (?!about|if|can|could|model|would|should)|where |"
    r"who (?!should|can|must|may)|phone|number|price|cost|postage|explain|evidence|proof|studies|releases? )"
)


def told_apart(text: str) -> dict[str, bool]:
    """The people of a message whom its question does not speak of.

    Args:
        text: the message.

    Returns:
        Each of them, and whether the message says plainly that it is about somebody else. Of one of whom it does not,
        only a question of nobody's use ('how does it work?') is apart.
    """
    tokens = tokenize(text)
    people = anchors(tokens)
    begin, end = question_part(tokens)
    left = left_out(tokens, people, begin if tokens and tokens[end - 1].text == "?" else None)
    # 'Leaving him out of it, is it true?'
    here = [a for a in people if begin <= a.first < end and a not in left and not _is_they(a, tokens)]
    question = _words(tokens[begin:end])
    sentence = _words([t for t in tokens[:end] if t.sentence == tokens[end - 1].sentence])
    onwards = _words(tokens[begin:])
    asked = asked_person(text)
    done = done_with(tokens, people)
    found: dict[str, bool] = {}
    for who in dict.fromkeys(a.who for a in people if not _may_be_speaker(a, tokens)):
        if who in done:
            found |= dict.fromkeys(PAIRS.get(who, (who,)), True)
            continue
        if _may_mean(who, here, tokens, question):
            continue
        places = [a.last for a in people if a.who == who and a not in left and a.first < end]
        rest = _words(tokens[max(places, default=0) :])
        plainly = who != PEOPLE and (
            (asked != who and any(a.who == who for a in left) and not _OF_USE.search(question))
            or (who != CUSTOMER and asked in (CUSTOMER, None) and _is_own(rest, question))
            or _of_another(asked, who, here, tokens, question)
        )
        # 'How does it work? My flatmate has lupus and wants to use mine' is of somebody's use after all.
        if plainly or (who != CUSTOMER and _OF_NOBODY.search(sentence) and not _OF_USE.search(onwards)):
            found |= dict.fromkeys(PAIRS.get(who, (who,)), plainly)
    return found


def _may_be_speaker(anchor: Anchor, tokens: list[Token]) -> bool:
    """'Lupus patient, can I use it': whoever is named without an owner or article may be the one who writes."""
    before = {t.text for t in tokens[max(0, anchor.first - 5) : anchor.first]}
    return tokens[anchor.first].text in _ROLES and not before & _DETERMINERS


def _is_own(rest: str, question: str) -> bool:
    """Whether the question is for the speaker; 'is it safe?' after a complaint of his may be for the other one."""
    return bool(_OWN_QUESTION.search(question) or (_FOR_ME.search(rest) and not RISK.search(question)))


def _of_another(asked: str | None, who: str, here: list[Anchor], tokens: list[Token], question: str) -> bool:
    """Whether the question names another person, whom it is used on."""
    if asked in (None, CUSTOMER, PEOPLE, who):
        return False
    named = [a for a in here if a.who == asked and not _owns_a_thing(a, tokens)]
    on = target(tokens, named)
    uses = subject(tokens, named) and not _HANDLES.search(question)
    if who == CUSTOMER:
        # What somebody has himself is left out of the answer only where no word of the question may be for him.
        return bool(on or (uses and _USES.search(question))) and not any(a.who == CUSTOMER for a in here)
    return bool(on or uses)


def _owns_a_thing(anchor: Anchor, tokens: list[Token]) -> bool:
    """'Does my neighbour's lamp help' is not about the neighbour, unlike 'my neighbour's stiff knees'."""
    behind = _words(tokens[anchor.last : anchor.last + 4])
    return tokens[anchor.first].text.endswith(" 's") and not re.search(rf" {_BODY}\b", behind)


def _may_mean(who: str, here: list[Anchor], tokens: list[Token], question: str) -> bool:
    """Whether a word of the question is for this person, or may be."""
    if any(a.who == who for a in here if who not in (CUSTOMER, PEOPLE)) or _ALL_OF_US.search(question):
        return True
    if who == PEOPLE:
        return any(a.who == PEOPLE for a in here)
    if who == CUSTOMER:
        return False
    if _THEM.search(question) or (who in PETS and _IT_THE_ANIMAL.search(question)):
        return True
    for pronoun, wrong in NOT_SO_CALLED.items():
        words = {"she": "she|her|hers|herself", "he": "he|him|his|himself"}.get(pronoun)
        # 'Can my daughter use it on her back' says whose; after other sentences it may be anybody's whom it fits.
        said = words and re.search(rf" (?:{words})\b", question)
        noun = any(
            not {a.who, *a.who.split("-")} & wrong and not _is_pronoun(a, tokens) for a in here if a.who != CUSTOMER
        )
        if said and not noun and not {who, *who.split("-")} & wrong:
            return True
    return False


def _is_they(anchor: Anchor, tokens: list[Token]) -> bool:
    return tokens[anchor.first].text.split()[0] in ("they", "them", "their", "theirs", "themselves")


def _is_pronoun(anchor: Anchor, tokens: list[Token]) -> bool:
    return tokens[anchor.first].text.split()[0] in ("she", "her", "hers", "herself", "he", "him", "his", "himself")


def _words(tokens: list[Token]) -> str:
    return " " + "".join(t.text + " " for t in tokens)
