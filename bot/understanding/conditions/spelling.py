"""The small words that rules look at, as they are written in haste: 'havnt', 'wot', 'yrs', 'all cleard up'."""

from rapidfuzz.distance import OSA

from bot.understanding.conditions.words import Token, word_set

HASTE = {
    **dict.fromkeys(("wat", "wot", "wut", "wht"), "what"),
    **dict.fromkeys(("wats", "wots"), "what is"),
    **dict.fromkeys(("bout", "abt", "abut", "abot"), "about"),
    **dict.fromkeys(("jus", "jst", "jsut", "juss"), "just"),
    **dict.fromkeys(("cuz", "coz", "becos", "becoz", "becuz", "bcoz", "bcz"), "because"),
    **dict.fromkeys(("wiv", "wif"), "with"),
    **dict.fromkeys(("nuffin", "nuffink", "nuthin", "nuthing", "nothin", "nowt", "nufin", "nothink"), "nothing"),
    **dict.fromkeys(("neva", "nevr", "nevver", "nver"), "never"),
    **dict.fromkeys(("witout", "wihout", "withot", "wiout", "wivout", "wthout"), "without"),
    **dict.fromkeys(("havnt", "hvnt", "havn't"), "have not"),
    **dict.fromkeys(("dosnt", "dosent", "doesent", "dusnt", "dsnt", "duznt"), "does not"),
    **dict.fromkeys(("dnt", "donot", "dunt"), "do not"),
    **dict.fromkeys(("isent", "izn't"), "is not"),
    **dict.fromkeys(("wasent", "wosnt", "wornt"), "was not"),
    **dict.fromkeys(("arnt",), "are not"),
    **{"wud": "would", "cud": "could", "shud": "should", "yrs": "years", "yr": "year", "b4": "before"},
    **{"niether": "neither", "neitha": "neither", "neether": "neither", "wen": "when"},
    **{"nto": "not", "nott": "not", "hav": "have", "hv": "have", "gota": "got a", "ova": "over"},
}
_SAYS_IT_ENDED = word_set(
    "healed cleared completely totally removed recovered disappeared definitely finished negative neither "
    "nothing without"
)
# Words of their own, as near as they are.
_NO_SLIP = word_set(
    "headed heated sealed heeled healer heaved cleaned clearer cleaner clears remove remover recover recovery complete "
    "complexly finishes finisher disappear definite reheated tonally negatives removes recovers healey cheated"
)


def in_full(tokens: list[Token]) -> list[Token]:
    """The tokens with the words written in haste, and the misspelt ones that say that something ended, as meant."""
    return [token._replace(text=_meant(token.text)) if token.is_word else token for token in tokens]


def _meant(word: str) -> str:
    if word in HASTE:
        return HASTE[word]
    if len(word) < 5 or not (word.isascii() and word.isalpha()) or word in _NO_SLIP or word in _SAYS_IT_ENDED:
        return word
    limit = 2 if len(word) >= 9 else 1
    near = (right for right in _SAYS_IT_ENDED if right[0] == word[0])
    return next((right for right in sorted(near) if OSA.distance(word, right, score_cutoff=limit) <= limit), word)
