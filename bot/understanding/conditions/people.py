"""The people of a message, and who the pronouns are."""

import re
from typing import NamedTuple

from bot.understanding.conditions.languages import in_english
from bot.understanding.conditions.names import HER_NAMES, HIS_NAMES, is_called, is_name
from bot.understanding.conditions.relations import FEMALE, MALE, PETS, RELATIONS, SEVERAL, WHICH, canonical, singular
from bot.understanding.conditions.words import Token, tokenize, word_set

CUSTOMER = "customer"
PEOPLE = "people"

_GENERIC = word_set(
    "people persons person someone somebody anyone anybody everyone everybody women woman men ladies "
    "mothers mums moms patients users sufferers individuals folks adults children kids babies pensioners "
    "diabetics others wearers survivors"
)
_ADVISES = word_set("know knows tell help here recommend recommends advise explain say answer confirm")
_SEEMS = word_set("look looks feel feels sound sounds would is are something acts")
_GOES_ON = word_set(
    ". , ? ! ; ) can could has is have with and or use who to too for on had got may should keeps sleeps"
)
_ANYBODY = word_set("anyone anybody someone somebody everyone everybody")
_DIED = re.compile(
    r"(?:(?:,|has|is|have|was|who|sadly|then|both|already|now|had|'s) )*(?:died|passed away|dead|deceased|gone now)\b"
)
_AT_WORK = word_set("patient client customer student pupil resident guest tenant")
_NEED_OWNER = word_set("fella bloke girl lady woman boy lad man guy twin baby child kid infant toddler folk")
# 'The baby', 'the little girl', 'the kids' are the speaker's, where a message says nothing else.
_CHILDREN = word_set("lad baby child kid infant toddler newborn kiddo")
_NEIGHBOURS = word_set("lady woman man guy girl boy couple family people gentleman lad kid")
_LITTLE = word_set("little small young wee poor baby")
_HALVES = {("other", "half"), ("better", "half"), ("significant", "other"), ("my", "oh"), ("my", "so")}
_PRONOUNS = {
    "she": "she",
    "her": "she",
    "hers": "she",
    "herself": "she",
    "he": "he",
    "him": "he",
    "his": "he",
} | {"himself": "he", "they": "they", "them": "they", "their": "they", "themselves": "they", "theirs": "they"}
NOT_SO_CALLED = {
    "she": MALE | HIS_NAMES | {"mr"},
    "he": FEMALE | HER_NAMES | {"mrs", "miss", "ms"},
    "they": frozenset[str](),
}
# Titles before a surname; 'miss' and 'ms' are words as well, unless they are written as titles.
_TITLES = {"mrs": "mrs", "mr": "mr", "mister": "mr", "miss": "miss", "ms": "ms"}
# Said of the staff: 'can Mr Smith call me'.
_SERVES = word_set(
    "call calls help helps tell tells reply answer answers advise say says said from works sold recommended"
)
# Short names and those of animals, which `names` does not know: only with a capital letter.
_NICKNAMES = word_set(
    "bob rex luna buddy rocky milo coco rover fido lola roxy daisy bailey simba nala charlie rosie ziggy toby poppy "
    "ted ned ron len ken reg sid stan vic walt hal lou bess nell liz beth sally jill jo meg kath viv betsy dolly pam "
    "becky mandy trish"
)
_NAMED_AFTER = word_set("help helps suit suits benefit treat about for on ease soothe harm hurt bother affect relax")
_NAMED_BEFORE = word_set("has had is was 's wears wore broke needs suffers got hurt can could may and")
_SAME_HERE = re.compile(r"\bsame here\b|\bid\b", re.IGNORECASE)
_SELF = word_set("i me my mine myself we us our ours ourselves")
OWNERS = word_set("my her his our their your the a an this that")
_MODALS = word_set(
    "can could may might should would will must shall do does did is are am was has have had be wants want wishes"
)
# 'They' and a report are doctors at work, not the ones who have it: 'they found a lump', 'they tested me'.
_STAFF = word_set(
    "put found find told said say took take tested test gave give fitted fit implanted removed call think diagnosed "
    "feared suspected thought considered offered suggested recommended checked examined scanned screened "
    "prescribed wanted"
)
_BOTH_AFTER = word_set("for help helps suit suits can could may should")
_BOTH_BEFORE = word_set(". , ? ! ; use try wear lie sit benefit too at then now") | {""}
_LABEL_BEFORE = word_set(". , ? ! ; has had is was wears wore can could may got uses use with and")
_TOLD = word_set("told tell asked ask with by from than like")
_IS_ABOUT = word_set("who with that has had is wears got 's and")


# 'Dads got a pacemaker', 'my wifes pregnant': an apostrophe left out, and nobody's plural.
_IS_UNMARKED = re.compile(
    r"(?:got|the one|been|not|still|just|on a|in a|in hospital|pregnant|expecting|having|has not|\d+ (?:weeks?|"
    r"months?)) "
)
_NUMBERS = word_set("first second third fourth")
_SOMEBODY = re.compile(
    r"(?:is|was) (?:an? )(?:[a-z]+ ){0,2}?(?:[a-z]{2,}(?:er|or|ist|man|woman|lady|girl|boy|lad|guy|ant|nurse|"
    r"student|athlete)) "
)
# Whom the speaker looks after is somebody of his own; 'can a man with lupus use it' is nobody in particular.
_CARED_FOR = re.compile(
    r" (?:(?:look|looks|looked|looking) after|(?:cook|clean|cleaning|work|working|shop) for|nurse|nursing|"
    r"assist|assisting|help|helping|visit|visiting|drive|wash|lift|(?:live|living|share|sharing|work|working|sit) "
    r"with) "
    r"(?:an?|this|one|some) (?:[^ ]+ )?$"
)
_AS_A = word_set("healthy strong fit sick tired stiff fine works sleeps eats")
_CAREFUL = word_set("man woman lady gentleman guy girl boy chap bloke person")
# 'My colleague's baby bump' is hers.
_OF_A_BABY = word_set("bump belly shower weight")
_AGED = re.compile(r"year|month|week|trimester")
# A baby not born yet, or whose birth is what is told: such a message is about the mother.
UNBORN = re.compile(
    r"(?:(?:is|are|'s|was|were|has|have|not|also|still|been|just|will|should) )*"
    r"(?:due|on the way|coming|comes?|came|arrives?|kick\w*|inside|growing|moving|born|"
    r"arrived|here|in (?:my|her|the) (?:belly|womb|tummy|stomach))\b"
)


class Anchor(NamedTuple):
    """A mention of a person: its tokens, who it is, and whether that person has died."""

    first: int
    last: int
    who: str
    late: bool


def anchors(tokens: list[Token]) -> list[Anchor]:
    """All people of a message, in order, pronouns resolved to the nearest preceding relation that fits."""
    found: list[Anchor] = []
    for place, token in enumerate(tokens):
        words = token.text.split()
        word = words[0] if words else ""
        before = [t.text for t in tokens[max(0, place - 4) : place]]
        after = tokens[place + 1].text.split()[0] if place + 1 < len(tokens) else ""
        relation = _relation(tokens, place) or _the_other(tokens, place, found) or _counted(tokens, place)
        titled, label = _titled(tokens, place), _label(tokens, place)
        if relation == "baby" and after in ("boy", "girl"):
            continue
        if relation and before[-1:] == ["a"] and set(before[-3:-1]) & {"i am", "as", "i was"}:
            continue  # 'I'm a mother of three' speaks of the speaker
        if (
            relation
            and token.text.endswith(" 's")
            and any(_relation(tokens, n) for n in range(place + 1, min(place + 3, len(tokens))))
        ):
            continue  # 'my wife's sister' is the sister
        if relation and not _only_named(before, after, found):
            late = {"late", "deceased", "dead"} & set(before[-2:]) or before[-2:-1] == ["lost"]
            found.append(
                Anchor(place, place + 2, f"{relation}-{label}", bool(late))
                if label
                else Anchor(place, place + 1, relation, bool(late))
            )
        elif titled and not relation:
            found.append(Anchor(place - (tokens[place - 1].text in _TITLES), place + 1, titled, False))
        elif word in _ANYBODY and (
            after in _ADVISES or {"tell", "told", "telling", "not"} & {w for t in before[-2:] for w in t.split()}
        ):
            continue  # 'I have not told anyone about my tumour'
        elif not relation and (
            word in _GENERIC
            or (word == "those" and after in ("with", "who"))
            or (word == "one" and {"can", "may", "should", "could", "must"} & set(before[-1:]))
        ):
            found.append(Anchor(place, place + 1, PEOPLE, False))
        elif word in _SELF and (
            (before[-1:] == ["of"] and word in ("mine", "ours"))
            or (before[-1:] == ["of"] and word == "me" and found and found[-1].last == place - 1)
            or (word == "me" and before and before[-1].split()[-1] == "not")
        ):
            continue  # 'a friend of mine', 'husband of me' is the friend, the husband; 'not me' is somebody else
        elif word in _SELF and not (word in ("my", "our") and _owns_relation(tokens, place)):
            found.append(Anchor(place, place + 1, CUSTOMER, False))
        elif word in _PRONOUNS and not (word == "they" and _STAFF & {after, *words[1:]}):
            if not (word in ("her", "his", "their") and _owns_relation(tokens, place)):
                found.append(Anchor(place, place + 1, *_resolved(_PRONOUNS[word], found, tokens)))
        elif word == "both" and before[-1:] and before[-1] in _BOTH_AFTER and after in _BOTH_BEFORE:
            found.append(Anchor(place, place + 1, "they", False))
        elif (is_name(tokens, place) or _is_named(tokens, place)) and not (
            found and found[-1].last == place and found[-1].who in RELATIONS
        ):
            found.append(Anchor(place, place + 1, word, False))
        elif word in ("it", "its") and found and found[-1].who in PETS and after in ("has", "had", "is", "was", "use"):
            found.append(Anchor(place, place + 1, found[-1].who, False))
    dead = {a.who for a in found if _DIED.match(" ".join(t.text for t in tokens[a.last : a.last + 4]))} - {CUSTOMER}
    return [a._replace(late=True) if a.who in dead else a for a in found] if dead else found


def names(text: str) -> dict[str, str | None]:
    """The personal names in a message, each with the relation it is given for ('my wife Sarah'), or None."""
    tokens = tokenize(text)
    found: dict[str, str | None] = {}
    for anchor in anchors(tokens):
        if anchor.who in (CUSTOMER, PEOPLE) or anchor.who in _PRONOUNS.values():
            continue
        word = tokens[anchor.first].text.split()[0]
        if is_called(tokens, anchor.last):
            found[tokens[anchor.last].text.split()[0]] = anchor.who
        elif (word == anchor.who and not _relation(tokens, anchor.first)) or anchor.who == _titled(
            tokens, anchor.last - 1
        ):
            found.setdefault(anchor.who, None)
    return found


def speaks_of_self(text: str) -> bool:
    """Whether a message speaks in the first person, in any language."""
    tokens = tokenize(text)
    if _SAME_HERE.search(text) or any(old.text.split()[0] in _SELF for old in tokens if old.text):
        return True
    return any(
        new is not old and new.text.split()[0] in _SELF for new, old in zip(in_english(tokens, {}), tokens, strict=True)
    )


def _relation(tokens: list[Token], place: int) -> str | None:
    """The relation that ends at a token, as said."""
    word = tokens[place].text.removesuffix(" 's").removesuffix("'")
    nxt = [t.text.removesuffix(" 's") for t in tokens[place + 1 : place + 3]]
    last = tokens[place - 1].text if place else ""
    if nxt == ["next", "door"] and word in _NEIGHBOURS:
        return "neighbour"
    if (last, word) in _HALVES and nxt[:1] != ["called"]:
        return "partner"
    if last == "little" and word in ("one", "ones") and place > 1 and tokens[place - 2].text in OWNERS:
        return "child"
    if last == "step" and f"step{word}" in RELATIONS:
        word = f"step{word}"
    child = word in ("youngest", "eldest", "oldest") and last in ("my", "our")
    if child and not (nxt and singular(nxt[0]) in RELATIONS):
        return "child"
    if nxt == ["in", "law"]:
        word += "-in-law"
    if word == "ex" and nxt[:1] and nxt[0] in FEMALE | MALE:
        return None  # the next token has it
    owner = next((t.text for t in reversed(tokens[max(0, place - 3) : place]) if t.text in OWNERS), "")
    mine = owner in ("my", "our", "her", "his", "their") or nxt == ["of", "mine"]
    if word == "old" and place > 2 and tokens[place - 3].text in ("my", "our"):
        unit = tokens[place - 1].text.removesuffix("s")
        aged = {"day": "baby", "week": "baby", "month": "baby", "year": "child"}.get(unit)
        few = unit != "year" or not tokens[place - 2].text.isdigit() or int(tokens[place - 2].text) < 18
        if aged and few and (not nxt or nxt[0] in _GOES_ON):
            return aged
    one = singular(word.removesuffix("-in-law"))
    if one == "baby" and nxt and nxt[0] in _OF_A_BABY:
        return None
    if one in _CAREFUL and _CARED_FOR.search("".join(f" {t.text}" for t in tokens[max(0, place - 6) : place]) + " "):
        return "man" if one in ("gentleman", "chap", "guy", "bloke") else "woman" if one == "lady" else one
    little = last in _LITTLE and owner in ("the", "this", "my", "our")
    the_child = owner == "the" and last in _LITTLE | {"the"} and one in _CHILDREN
    if one in ("boy", "girl") and (little or (mine and one == "boy")):
        return {"boy": "son", "girl": "daughter"}[one] if mine else "child"
    if one not in RELATIONS or (word in _GENERIC and not mine and not the_child):
        return None
    many = one != word and not word.endswith("-in-law") and not tokens[place].text.endswith(" 's")
    many = many and not (nxt and _IS_UNMARKED.match(" ".join(t.text for t in tokens[place + 1 : place + 4]) + " "))
    if many and (one in _AT_WORK or (not mine and not owner and one not in PETS)):
        return PEOPLE
    if one in _NEED_OWNER and not mine and not the_child:
        return None
    word = canonical(f"ex-{word}" if last == "ex" else word)
    which = (
        WHICH.get(last) if word in SEVERAL and (last not in ("big", "little") or word in ("sister", "brother")) else ""
    )
    return f"{which}-{word}" if which else word


def _the_other(tokens: list[Token], place: int, found: list["Anchor"]) -> str | None:
    """Another of those just spoken of: 'one of my brothers has lupus, the other has a pacemaker'."""
    if tokens[place].text not in ("other", "another") or not found or found[-1].who not in SEVERAL:
        return None
    verb = tokens[place + 1].text.split()[0] if place + 1 < len(tokens) else ""
    return f"other-{found[-1].who}" if verb in ("has", "is", "had", "wears", "does", "one", "who") else None


def _counted(tokens: list[Token], place: int) -> str | None:
    """One of several at work or of a family, told by number: 'two patients. The first one: an infected leg'."""
    one = place + 1 < len(tokens) and tokens[place + 1].text.split()[0] == "one"
    rest = " ".join(t.text for t in tokens[place + one : place + 9]).split()[1:]
    number = tokens[place].text
    if number not in _NUMBERS or not (one or (rest[:1] and rest[0] in ("is", "has", ":", "was", "wears"))):
        return None
    several = any(singular(t.text) in RELATIONS and singular(t.text) != t.text for t in tokens[:place])
    somebody = _SOMEBODY.match(" ".join(rest) + " ") or {"he", "she", "him", "her", "his"} & {
        w for t in tokens for w in t.text.split()
    }
    return f"{number}-one" if several or somebody else None


def _titled(tokens: list[Token], place: int) -> str | None:
    """Who is called by a title and the surname at a token: 'Mrs Smith', 'Mr. Jones'."""
    stop = place > 1 and tokens[place - 1].text == "."
    title = tokens[place - 1 - stop] if place else None
    name = tokens[place].text.split()[0] if tokens[place].text.split() else ""
    behind = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if title is None or title.text not in _TITLES or len(name) < 2 or not name.isalpha() or behind in _SERVES:
        return None
    if (stop or title.text in ("miss", "ms")) and not (title.capital and tokens[place].capital):
        return None
    return f"{_TITLES[title.text]}-{name}"


_SPELT = {"one": "1", "two": "2", "three": "3", "four": "4"}
_ONE_DAY = word_set("day night time week morning evening of")


def _label(tokens: list[Token], place: int) -> str | None:
    """What tells several at work apart: 'patient A', 'client 2'."""
    word = tokens[place + 1].text.removesuffix(" 's") if place + 1 < len(tokens) else ""
    word = _SPELT.get(word, word) if place + 2 < len(tokens) and tokens[place + 2].text not in _ONE_DAY else word
    if tokens[place].text not in _AT_WORK or not (
        word.isdigit() or (len(word) == 1 and word.isalpha() and word != "i")
    ):
        return None
    behind = tokens[place + 2].text.split()[0] if place + 2 < len(tokens) else "."
    article = word == "a" and tokens[place + 1].text == "a" and behind not in _LABEL_BEFORE
    return None if article else word


def _is_named(tokens: list[Token], place: int) -> bool:
    """Whether a token is a name that `is_name` does not tell: a short one, or that of whom it may help."""
    token = tokens[place]
    first, *rest = token.text.split() or [""]
    near = [t.text for t in tokens[max(0, place - 1) : place + 2] if t.sentence == token.sentence]
    before = near[0].split()[-1] if len(near) > 1 and near[0] != token.text else ""
    after = [*rest, *(near[-1].split() if near[-1] != token.text else ["."])][0]
    if first in HER_NAMES | HIS_NAMES:
        return before in _NAMED_AFTER - {"for", "on", "about"} or (before == "about" and token.capital)
    return first in _NICKNAMES and token.capital and (before in _NAMED_AFTER | _MODALS or after in _NAMED_BEFORE)


def _owns_relation(tokens: list[Token], place: int) -> bool:
    """Whether a possessive belongs to a relation ('my pregnant wife'), not to the speaker's things."""
    aged = any(_AGED.search(token.text) for token in tokens[place + 1 : place + 4])  # 'my 80 year old aunt'
    for ahead in range(place + 1, min(place + (7 if aged else 4), len(tokens))):
        if _relation(tokens, ahead):
            return True
        if (
            not tokens[ahead].is_word
            or " " in tokens[ahead].text
            or tokens[ahead].text in _MODALS | {"and", "with", "of"}
        ):
            return False
    return False


def _only_named(before: list[str], after: str, found: list[Anchor]) -> bool:
    """Whether a relation is only spoken to or blamed: 'I told my wife', 'dog bite', 'a cat scratch'."""
    if before[-2:] in (["as", "a"], ["like", "a"]) and set(before[-4:-2]) & _AS_A:
        return True  # 'healthy as a horse'
    if after in ("bite", "bites", "bit", "scratch", "scratched") or {"bitten", "scratched"} & set(before):
        return True
    if before[-2:] in (["like", "my"], ["like", "our"]) and not set(before[-3:-2]) & _SEEMS:
        return False  # 'I have lupus, like my brother'
    spoken_to = any(word.split()[-1] in _TOLD for word in before[-2:] if word)
    return spoken_to and after not in _IS_ABOUT and any(anchor.who == CUSTOMER for anchor in found[-2:])


def _resolved(pronoun: str, found: list[Anchor], tokens: list[Token]) -> tuple[str, bool]:
    wrong = NOT_SO_CALLED[pronoun]
    for anchor in reversed(found):
        behind = " ".join(t.text for t in tokens[anchor.last : anchor.last + 5])
        if anchor.who in ("baby", "twin") and UNBORN.match(behind):
            continue  # 'twins on the way, would it help her?'
        if not {anchor.who, *anchor.who.split("-")} & wrong and anchor.who not in (
            CUSTOMER,
            PEOPLE,
            "she",
            "he",
            "they",
        ):
            return anchor.who, anchor.late
        if anchor.who == PEOPLE and pronoun == "they":
            return PEOPLE, False
    return pronoun, False
