"""Finding the phrases of a lexicon of health conditions in a message, misspelt ones included."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.understanding.conditions.words import Token, fold, stem, tokenize, word_set

# No filler inside a phrase: it would turn 'a bone, no chip' or 'my heart and this device' into a condition.
_NO_FILLER = word_set(
    "no not never without none nor neither and or but so if when because with for in on at to from of by "
    "about i you he she it we they is are am was were be been do does did can could should would will may "
    "might must have has had free non than as like i am i have"
)
# What no document names: it gives way to a condition that it overlaps, unless it says all of that and more.
UNDOCUMENTED = "undocumented_condition"
# Words as right as the condition words they are near to; general vocabularies lack them.
_NOT_MISSPELT = word_set(
    "cellulite psoriasis scab scabs arthrosis arthritic sceptic plasterer lupin lupine ulcerative scaly "
    "fibrosis fibrositis nevr breeches eversince keratosis keratoses sclerosis sclerotic collie collies necrosis "
    "itis swabbed scabbed endometriosis grabbed "
    "spondylosis spondylolisthesis porphyry varicose coule"
)
# A phrase of another language begins with its two letters: 'de: Hautinfektion'.
_LANGUAGE = re.compile(r"([a-z]{2}): ")
# A foreign word is near to an English one too often, unless it is as long as this.
_LONG = 9
_WHOLE = 4  # letters of words that are not two spelt apart: "dad's" is no 'ad'
# What Arabic writes on to a word: and, with, to, the.
_PREFIX = re.compile("^[\u0648\u0641]?(?:\u0628?\u0627\u0644|\u0644\u0644|[\u0628\u0644])?(?=[\u0600-\u06ff]{3})")
_POSSESSIVES = word_set("my his her our their your")
# How letters sound, one after the other: 'infecshun' as 'infection', 'frakcher' as 'fracture', 'tumah' as 'tumor'.
_SOUNDS = [
    (re.compile(letters), heard)
    for letters, heard in [
        (r"ph", "f"),
        (r"(?:[cst]i|s?sh|x)[aeiou]+n(?=$|[^aeiou])|sh[aeiou]n", "SN"),
        (r"t?cher$|tures?$", "tC"),
        (r"tch|ch(?=[aeiou])", "C"),
        (r"^(?:kn|gn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"rh", "r"),
        (r"x|g+z|cks|cc(?=[eiy])", "ks"),
        (r"sc(?=[eiy])|c(?=[eiy])|z", "s"),
        (r"[cq]k?|k", "k"),
        (r"(?<=.)(?:[aeo]+u?r|re|ah?|uh)$", "R"),
        (r"^[aeiouy]+", "A"),
        (r"(?<=.)[aeiouyhw]", ""),
        (r"(.)\1+", r"\1"),
    ]
]
# Sounds that a word has at least to be known by them, and to be known although two have changed places.
_HEARD, _LONG_HEARD = 3, 6


class Hit(NamedTuple):
    """A condition's phrase among the tokens of a message.

    Attributes:
        condition: id of the condition.
        first, last: index of the first token and the index after the last one.
        words: the stems of the phrase as the lexicon has it.
        stance: its status, where the words themselves decide that: 'past', or 'unsure' unless it is denied or past.
    """

    condition: str
    first: int
    last: int
    words: tuple[str, ...]
    stance: str = ""


def hit_of(condition: str, text: str, places: list[int], start: int, end: int) -> Hit:
    """The hit of a condition at a stretch of a sentence."""
    found = text[start:end]
    first = places[start + len(found) - len(found.lstrip())]
    last = places[start + len(found.rstrip()) - 1] + 1
    return Hit(condition, first, last, tuple(found.split()))


class Lexicon:
    """The phrases of all conditions.

    Attributes:
        languages: the languages of a word, by its stem, where no English phrase has it.

    Args:
        phrases: condition id to its phrases.
        known_words: correctly spelt words; a word among them is never taken for a misspelt condition. Not the
            words of training examples: those contain misspellings on purpose, and a 'known' one is lost.
        dictionary: more of them, rare ones; such a word is not taken for one that only sounds like it.
    """

    def __init__(
        self,
        phrases: Mapping[str, Iterable[str]],
        known_words: Collection[str] = (),
        dictionary: frozenset[str] = frozenset(),
    ) -> None:
        self._dictionary = dictionary
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        self._words: set[str] = set()
        self.languages: dict[str, set[str]] = defaultdict(set)
        seen: set[tuple[str, ...]] = set()
        english: set[str] = set()
        for condition, examples in phrases.items():
            for example in examples:
                language = _LANGUAGE.match(example)
                words = tuple(_key(t) for t in tokenize(example[language.end() if language else 0 :]) if t.is_word)
                if language:
                    for word in words:
                        self.languages[word].add(language[1])
                else:
                    english.update(words)
                if words and words not in seen:
                    seen.add(words)
                    self._by_first[words[0]].append((words, condition))
                    self._words.update(words)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            if word and (word in english or len(word) >= _LONG):
                self._by_letter[word[0]].append(word)
            if word in english and word.isascii() and word.isalpha():
                self._by_sound[_sound(word)].append(word)
        folded = [fold(word) for word in known_words]
        self._known = _NOT_MISSPELT.union(folded, map(stem, folded))
        for word in english | self._known:
            self.languages.pop(word, None)
        self._known_from: dict[str, list[str]] = defaultdict(list)
        for word in self._known - self._words:
            if word:
                self._known_from[word[0]].append(word)

    def find(self, tokens: list[Token]) -> list[Hit]:
        """The hits in a message, in order, without overlaps; of overlapping ones the longest wins.

        But what no document names never hides a part of what one does.
        """
        spellings = [self._spellings(token) for token in tokens]
        found: list[tuple[int, int, Hit]] = []
        for first, possible in enumerate(spellings):
            for spelling in possible:
                for words, condition in self._by_first.get(spelling, ()):
                    last = _match(words, tokens, spellings, first)
                    if last:
                        found.append((-len(words), last - first, Hit(condition, first, last, words)))
            found.extend(self._torn(tokens, first))
        documented = [hit for _, _, hit in found if hit.condition != UNDOCUMENTED]
        hits: list[Hit] = []
        taken: set[int] = set()
        for _, _, hit in sorted(found):
            if hit.condition == UNDOCUMENTED and any(_is_cut(other, hit) for other in documented):
                continue
            if taken.isdisjoint(range(hit.first, hit.last)):
                taken.update(range(hit.first, hit.last))
                hits.append(hit)
        return sorted(hits, key=lambda hit: hit.first)

    def _torn(self, tokens: list[Token], first: int) -> Iterator[tuple[int, int, Hit]]:
        """A word of the lexicon that a hyphen, a line break or a slip of the thumb has torn in two."""
        last = first + 1 + (first + 1 < len(tokens) and tokens[first + 1].stem in ("\n", "-"))
        if last >= len(tokens) or not (tokens[first].is_word and tokens[last].is_word):
            return
        word = tokens[first].stem + tokens[last].stem
        spaced = last == first + 1 and tokens[last].start == tokens[first].end + 1
        if len(word) < 6 or (spaced and {tokens[first].stem, tokens[last].stem} <= self._known):
            return
        for words, condition in self._by_first.get(word, ()):
            if len(words) == 1:
                yield -1, last - first, Hit(condition, first, last + 1, words)

    def _spellings(self, token: Token) -> list[str]:
        """What words of the lexicon a token may stand for: itself, or those it may be a misspelling of."""
        word = _key(token)
        exact = [word] if word in self._words else []
        if exact and word not in self.languages:
            return exact
        if len(word) > _WHOLE and word[1:] in self._words and token.end - token.start > len(word) * 3 // 2:
            return [word[1:]]  # spelt apart after 'a' or 'I'
        bare = _PREFIX.sub("", word)
        if not exact and bare in self._words and bare != word:
            return [bare]
        limit = 2 if len(word) >= 8 else 1
        if len(word) < 4 or not word.isalpha() or not self._known.isdisjoint((word, token.text)) or " " in token.text:
            return exact
        near = [known for known in self._by_letter[word[0]] if OSA.distance(word, known, score_cutoff=limit) <= limit]
        swapped = word[1] + word[0] + word[2:]  # people seldom get a first letter wrong, but fingers swap two
        # A short word of the lexicon at distance one is another word too often ('utis', 'pus').
        near = [known for known in near if len(known) >= 5]
        near += [known for known in self._alike(token, word) if known not in near]
        return exact + near + ([swapped] if swapped in self._words else [])

    def _alike(self, token: Token, word: str) -> list[str]:
        """Words of the lexicon that sound as a token does; of a long word two sounds may have changed places."""
        sound = _sound(word) if word.isascii() and not token.capital else ""
        if len(sound) < _HEARD or not self._dictionary.isdisjoint((word, token.text)):
            return []
        changed = [sound[:n] + sound[n + 1] + sound[n] + sound[n + 2 :] for n in range(1, len(sound) - 1)]
        sounds = [sound, *(changed if len(sound) >= _LONG_HEARD else ())]
        found = [known for heard in sounds for known in self._by_sound.get(heard, ()) if len(known) >= 5]
        slips = {known: OSA.distance(word, known) for known in found}
        least = min(slips.values(), default=0)
        # 'Mussles' are nearer to muscles than to measles.
        others = (other for kind in (self._known_from, self._by_letter) for other in kind[word[0]] if len(other) >= 5)
        rival = least > 1 and any(OSA.distance(word, known, score_cutoff=1) <= 1 for known in others)
        if rival or least > len(word) // 2:
            return []
        return [known for known in found if slips[known] == least]


def _is_cut(documented: Hit, other: Hit) -> bool:
    """Whether a hit takes only a part of a documented one: 'replaced knee' of 'knee infection'."""
    overlaps = documented.first < other.last and other.first < documented.last
    return overlaps and not (other.first <= documented.first and documented.last <= other.last)


def _sound(word: str) -> str:
    """A rough key of how a word sounds, mostly its consonants."""
    for letters, heard in _SOUNDS:
        word = letters.sub(heard, word)
    return word


def _key(token: Token) -> str:
    # Whose arm it is does not matter: 'broke my arm' also finds 'broke his arm'.
    return "<whose>" if token.text in _POSSESSIVES else token.stem


def _match(words: tuple[str, ...], tokens: list[Token], spellings: list[list[str]], first: int) -> int:
    """The index after the phrase's last token if it stands at `first`, else 0."""
    place = first + 1
    for word in words[1:]:
        if place + 1 < len(tokens) and tokens[place].stem in ("\n", "-"):
            place += 1
        if place < len(tokens) and word in spellings[place]:
            place += 1
        elif place + 1 < len(tokens) and _may_fill(tokens[place]) and word in spellings[place + 1]:
            place += 2
        else:
            return 0
    return place


def _may_fill(token: Token) -> bool:
    # A single character of a script without spaces is no word.
    return token.is_word and token.stem.isascii() and _NO_FILLER.isdisjoint(token.text.split())
