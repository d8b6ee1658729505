"""The words for relations, and the one word by which a relation is called whatever the message says."""

from bot.understanding.conditions.words import word_set

FEMALE = word_set(
    "wife mum mom mam mummy mommy ma mother gran nan nana nanna grandma granny grandmother grandmum "
    "sister aunt auntie niece daughter girlfriend gf missus bride stepmother stepmum stepdaughter "
    "stepsister granddaughter mare mother-in-law sister-in-law daughter-in-law nonna oma abuela girl lady woman "
    "goddaughter sis wifey nanny mamma mum-in-law mom-in-law"
)
MALE = word_set(
    "husband hubby dad daddy father pa papa grandad granddad grandpa grandfather brother uncle nephew son "
    "boyfriend bf stepfather stepdad stepson stepbrother grandson gelding stallion father-in-law "
    "brother-in-law  son-in-law boy lad man guy godson bro hubbie hubs gramps grampa nonno opa abuelo grandda "
    "dad-in-law"
)
# Told by its breed or kind only: a dog or a horse for every rule.
_BREEDS = {
    "dog": "greyhound whippet labrador retriever spaniel terrier poodle dachshund collie beagle rottweiler bulldog "
    "lurcher cockapoo labradoodle schnauzer pug corgi doggy doggie mutt pooch hound staffie westie alsatian",
    "cat": "kitty moggy moggie tomcat",
    "horse": "cob thoroughbred filly colt donkey mule",
    "pet": "ferret budgie tortoise goat sheep lamb hen guineapig gerbil",
}
PETS = word_set(
    "dog cat horse pony puppy kitten rabbit bunny hamster pet mare gelding foal pup parrot cow "
    + " ".join(_BREEDS.values())
)
OTHERS = word_set(
    "partner spouse fella bloke friend mate pal buddy neighbour neighbor colleague coworker workmate teammate "
    "roommate flatmate housemate boss employee client patient parent grandparent sibling twin cousin "
    "child kid kiddo toddler infant grandchild grandkid teenager fiance fiancee ex relative in-law godmother "
    "godfather carer student pupil teacher tenant resident guest employer trainer coach relation "
    "landlord landlady lodger manager supervisor instructor classmate bandmate apprentice acquaintance bestie bff m8 "
    "folk grandparent baby newborn stallion preschooler schoolkid teen"
)

# Two and more of one relation: 'my older sister', 'my other son'.
_WHICH = {
    "older": "older elder eldest oldest big",
    "younger": "younger youngest little",
    "other": "other another second third",
    "middle": "middle",
}
WHICH = {said: which for which, names in _WHICH.items() for said in names.split()}
SEVERAL = word_set(
    "sister brother son daughter cousin friend aunt uncle neighbour colleague nephew niece grandson granddaughter twin"
)
# Of the parents of someone there are two, and each has conditions of their own.
PAIRS = {"parent": ("mother", "father"), "grandparent": ("grandmother", "grandfather")}
_CALLED = {
    "mother": "mum mom mam mummy mommy ma mamma",
    "father": "dad daddy pa papa",
    "grandmother": "gran nan nana nanna nanny grandma granny grandmum nonna oma abuela",
    "grandfather": "grandad granddad grandpa gramps grandda grampa nonno opa abuelo",
    "wife": "missus bride wifey",
    "husband": "hubby hubbie hubs",
    "partner": "spouse fella bloke",
    "fiance": "fiancee",
    "girlfriend": "gf",
    "boyfriend": "bf",
    "sister": "sis",
    "brother": "bro",
    "aunt": "auntie",
    "child": "kid kiddo toddler teenager teen preschooler schoolkid",
    "son": "lad",
    "parent": "folk",
    "grandchild": "grandkid",
    "baby": "infant newborn",
    "stepmother": "stepmum",
    "stepfather": "stepdad",
    "friend": "mate pal buddy bestie bff m8",
    "neighbour": "neighbor",
    "colleague": "coworker workmate teammate",
    "flatmate": "roommate housemate",
    "dog": "puppy pup " + _BREEDS["dog"],
    "cat": "kitten " + _BREEDS["cat"],
    "horse": _BREEDS["horse"],
    "pet": _BREEDS["pet"],
    "rabbit": "bunny",
}
_CANONICAL = {said: word for word, names in _CALLED.items() for said in names.split()}
_IRREGULAR = {"wives": "wife", "children": "child", "babies": "baby", "puppies": "puppy", "ponies": "pony"}
_IRREGULAR |= {"bunnies": "bunny", "hubbies": "hubby", "buddies": "buddy", "grandchildren": "grandchild"}
_IRREGULAR |= {"ladies": "lady", "men": "man", "women": "woman", "grannies": "granny"}
RELATIONS = FEMALE | MALE | PETS | OTHERS


def singular(word: str) -> str:
    """A relation in the singular: 'sons' is 'son', 'wives' is 'wife'."""
    return word if word in RELATIONS else _IRREGULAR.get(word) or word.removesuffix("s")


def canonical(relation: str) -> str:
    """The one word for a relation: 'mum' and 'mom' are 'mother', 'my ex-hubby' is 'ex-husband'."""
    ex = "ex-" if relation.startswith("ex-") else ""
    law = "-in-law" if relation.endswith("-in-law") else ""
    word = singular(relation.removeprefix("ex-").removesuffix("-in-law"))
    return ex + _CANONICAL.get(word, word) + law
