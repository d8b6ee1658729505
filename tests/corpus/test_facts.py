"""Each fact of the supplier's pages is said by a section of the supplier's documents.

The table names, for each fact, the section that says it and the words, figures
and hedges which that section may not lose. Facts 43 (advertising), 44 and 45 (what
the pages do not tell) are left out of the documents; fact 83 is their date.
"""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.corpus import read_corpus

DOCUMENTS = Path(__file__).resolve().parents[2] / "data" / "documents"
MECHANISMS = "mechanisms-of-pain-relief"
PADS = "therapy-pads"
SUPPLIER = "supplier"

FACTS = {
    1: (
        SUPPLIER,
        "company",
        ["own description", "professional supplier", "red light therapy"],
    ),
    2: (SUPPLIER, "company", ["iLUXRED is located in China"]),
    3: (SUPPLIER, "company", ["founded in 2020"]),
    4: (
        MECHANISMS,
        "vasodilation",
        ["Local blood vessels can widen (vasodilation)", "skin"],
    ),
    5: (
        MECHANISMS,
        "vasodilation",
        ["can set off", "nitric oxide (NO)", "endothelium", "endothelial cells"],
    ),
    6: (
        MECHANISMS,
        "vasodilation",
        ["important vasodilator", "smooth muscle", "relaxes", "wider inside"],
    ),
    7: (
        MECHANISMS,
        "vasodilation",
        [
            "In some animal experiments",
            "small local arteries",
            "approximately 15% - 20%",
        ],
    ),
    8: (
        MECHANISMS,
        "vasodilation",
        ["More blood can flow", "perfusion", "local tissue can improve"],
    ),
    9: (
        MECHANISMS,
        "raynaud",
        [
            "Raynaud's disease",
            "vasospasm",
            "ischemia",
            "finger pain",
            "effectively relieve",
        ],
    ),
    10: (MECHANISMS, "microcirculation", ["can improve the microcirculation"]),
    11: (
        MECHANISMS,
        "microcirculation",
        ["can enhance the autonomous movement of microvessels"],
    ),
    12: (MECHANISMS, "microcirculation", ["make blood flow through them faster"]),
    13: (
        MECHANISMS,
        "microcirculation",
        ["normally", "rather slowly", "prone to stasis"],
    ),
    14: (MECHANISMS, "microcirculation", ["Red blood cells stick together less"]),
    15: (
        MECHANISMS,
        "microcirculation",
        ["hemorheology", "oxygen and nutrients", "tissue cells", "more effectively"],
    ),
    16: (
        MECHANISMS,
        "diabetic-neuropathy",
        ["diabetic peripheral neuropathy", "disorder", "ischemia", "hypoxia", "pain"],
    ),
    17: (
        MECHANISMS,
        "diabetic-neuropathy",
        ["better microcirculation", "less ischemia and hypoxia", "relieves"],
    ),
    18: (
        MECHANISMS,
        "inflammatory-mediators",
        ["inflammatory cells function", "regulated by red light"],
    ),
    19: (
        MECHANISMS,
        "inflammatory-mediators",
        [
            "Prostaglandin E2 (PGE2)",
            "interleukin-1 (IL-1)",
            "tumor necrosis factor-alpha (TNF-α)",
            "cells release",
        ],
    ),
    20: (
        MECHANISMS,
        "inflammatory-mediators",
        ["cause pain", "irritate nerve endings"],
    ),
    21: (
        MECHANISMS,
        "inflammatory-mediators",
        ["can inhibit", "macrophages", "neutrophils", "releasing"],
    ),
    22: (
        MECHANISMS,
        "inflammatory-mediators",
        [
            "arthritis patients",
            "PGE2",
            "synovial tissue",
            "can drop",
            "approximately 30% - 50%",
        ],
    ),
    23: (MECHANISMS, "exudate", ["Exudate can be absorbed more quickly"]),
    24: (
        MECHANISMS,
        "exudate",
        [
            "between the tissues",
            "during inflammation",
            "pressure on tissue and nerves",
            "pain",
        ],
    ),
    25: (
        MECHANISMS,
        "exudate",
        [
            "Cell metabolism can be promoted",
            "local phagocytes",
            "can become more active",
        ],
    ),
    26: (
        MECHANISMS,
        "exudate",
        ["Phagocytes that are more active engulf exudate", "faster"],
    ),
    27: (
        MECHANISMS,
        "exudate",
        ["soft tissue inflammation", "can make", "approximately 2 - 3 days"],
    ),
    28: (MECHANISMS, "exudate", ["reduce swelling and pain"]),
    29: (MECHANISMS, "gate-control", ["can have a direct effect on nerve endings"]),
    30: (
        MECHANISMS,
        "gate-control",
        [
            "low intensity",
            "can inhibit",
            "nerve impulses",
            "pain sensors (nociceptors)",
        ],
    ),
    31: (MECHANISMS, "gate-control", ["gate control theory"]),
    32: (
        MECHANISMS,
        "gate-control",
        [
            "may excite",
            "non-pain sensory afferent fibers",
            "pain gate",
            "dorsal horn of the spinal cord",
        ],
    ),
    33: (
        MECHANISMS,
        "gate-control",
        ["closed pain gate", "pain signals", "central nervous system"],
    ),
    34: (
        MECHANISMS,
        "postherpetic-neuralgia",
        [
            "postherpetic neuralgia",
            "damaged nerves less excitable",
            "can also lessen the pain signals",
            "transmit",
        ],
    ),
    35: (
        MECHANISMS,
        "opioid-peptides",
        ["may help the body to release", "endogenous opioid peptides"],
    ),
    36: (
        MECHANISMS,
        "opioid-peptides",
        ["Endorphins and enkephalins", "from the body itself", "strong pain-relieving"],
    ),
    37: (
        MECHANISMS,
        "opioid-peptides",
        ["may trigger the release", "neuroendocrine system"],
    ),
    38: (
        MECHANISMS,
        "opioid-peptides",
        ["In some clinical observations", "higher endorphin levels"],
    ),
    39: (
        MECHANISMS,
        "opioid-peptides",
        ["correspondingly higher pain threshold", "felt less pain"],
    ),
    40: (SUPPLIER, "contact", ["contact person is Daniel"]),
    41: (SUPPLIER, "contact", ["WhatsApp and phone number", "+86 15547888169"]),
    42: (
        SUPPLIER,
        "contact",
        [
            "303A Cuisine Lehui",
            "Liangchuang Business Center",
            "Liangchuang Business Center",
            "No. 526 Longping East Road, Shengping Community, Longcheng Street",
        ],
    ),
    46: (
        MECHANISMS,
        "evidence",
        [
            "Some basic research",
            "some clinical observations",
            "support",
            "red light therapy",
        ],
    ),
    47: (PADS, "joint-discomfort", ["muscle or joint discomfort", "can assist"]),
    48: (
        PADS,
        "joint-discomfort",
        ["can promote local blood flow", "more oxygen and nutrients"],
    ),
    49: (PADS, "joint-discomfort", ["may also inhibit", "prostaglandins", "released"]),
    50: (
        PADS,
        "joint-discomfort",
        [
            "chronic muscle strain",
            "stiff joints",
            "can give some help",
            "back pain",
            "sitting for a long time",
            "mild arthritis",
        ],
    ),
    51: (PADS, "joint-discomfort", ["can become less sore", "recovery can be faster"]),
    52: (
        PADS,
        "joint-discomfort",
        ["osteoarthritis", "rheumatoid arthritis", "cannot be cured"],
    ),
    53: (
        PADS,
        "soft-tissue-repair",
        [
            "minor soft tissue injuries",
            "minor abrasion",
            "superficial wound",
            "heals slowly after surgery",
        ],
    ),
    54: (
        PADS,
        "soft-tissue-repair",
        ["can make fibroblasts active", "collagen synthesis"],
    ),
    55: (PADS, "soft-tissue-repair", ["healing of a minor wound may take less time"]),
    56: (PADS, "soft-tissue-repair", ["Only superficial, non-infected wounds"]),
    57: (
        PADS,
        "soft-tissue-repair",
        [
            "Deep wounds and infected wounds",
            "medical treatment first",
            "do not use the pads on them",
        ],
    ),
    58: (
        PADS,
        "local-circulation",
        [
            "can widen (dilate)",
            "capillaries",
            "under the skin",
            "local microcirculation",
        ],
    ),
    59: (
        PADS,
        "local-circulation",
        [
            "Cold hands and feet",
            "can be eased",
            "local lack of oxygen",
            "hypoxia",
            "poor circulation",
        ],
    ),
    60: (
        PADS,
        "vascular-disease",
        [
            "not a treatment of vascular disease",
            "hypertension",
            "varicose veins",
            "medication",
        ],
    ),
    61: (
        PADS,
        "insufficient-evidence",
        [
            "weight loss",
            "chronic disease",
            "deep anti-aging",
            "clinical evidence",
            "currently insufficient",
        ],
    ),
    62: (PADS, "weight-loss", ["Fat cells cannot be broken down directly"]),
    63: (PADS, "weight-loss", ["local metabolism", "some studies", "far from"]),
    64: (PADS, "weight-loss", ["red light fat burning", "exaggerates"]),
    65: (
        PADS,
        "chronic-disease",
        [
            "diabetes",
            "heart disease",
            "chronic pain syndromes",
            "may only relieve some",
            "local circulation in diabetic foot",
        ],
    ),
    66: (
        PADS,
        "chronic-disease",
        ["do not cure", "cannot replace medication or standard medical treatment"],
    ),
    67: (
        PADS,
        "fine-lines",
        [
            "fine lines and dullness",
            "surface",
            "may improve slightly",
            "promote collagen",
        ],
    ),
    68: (PADS, "fine-lines", ["low energy density", "depth of penetration is limited"]),
    69: (
        PADS,
        "fine-lines",
        ["professional medical aesthetic devices", "far inferior", "aging"],
    ),
    70: (
        PADS,
        "wrinkles-and-dark-spots",
        ["Wrinkles and dark spots", "deeper skin issues", "cannot deal with them"],
    ),
    71: (
        PADS,
        "individual-differences",
        [
            "differ greatly",
            "Skin thickness",
            "local blood circulation",
            "duration of use",
            "wavelength",
            "energy density",
        ],
    ),
    72: (
        PADS,
        "time-to-results",
        ["1-2 weeks", "Regular use", "usually", "noticeable"],
    ),
    73: (
        PADS,
        "individual-differences",
        ["Some people may not feel any significant effect"],
    ),
    74: (PADS, "not-a-substitute", ["supplemental healthcare devices"]),
    75: (
        PADS,
        "not-a-substitute",
        [
            "medical attention first",
            "acute inflammation",
            "infection",
            "fracture",
            "tumor",
        ],
    ),
    76: (
        PADS,
        "not-a-substitute",
        [
            "Do not use the pads to replace",
            "medication",
            "surgery",
            "standard treatment",
        ],
    ),
    77: (
        PADS,
        "who-should-not-use",
        [
            "Pregnant women should avoid",
            "abdomen",
            "may affect the fetus",
            "lack of safety data",
        ],
    ),
    78: (PADS, "who-should-not-use", ["acute skin infection should avoid"]),
    79: (PADS, "who-should-not-use", ["acute eczema should avoid"]),
    80: (PADS, "who-should-not-use", ["open wound", "unhealed should avoid"]),
    81: (
        PADS,
        "who-should-not-use",
        ["photosensitivity", "lupus erythematosus", "porphyria", "should avoid"],
    ),
    82: (
        PADS,
        "who-should-not-use",
        [
            "electronic device such as a pacemaker should avoid",
            "must be confirmed whether red light interferes with the device",
        ],
    ),
}

# What the pages do not tell (44, 45), what only advertises (43), and words of reassurance.
ABSENT = {
    "advertising (43)": [
        "youthful",
        "cellular energy",
        "boost",
        "skin health",
        "revitaliz",
        "well-being",
    ],
    "opening hours (44)": ["hours", "opening", "open from", "monday"],
    "e-mail, price, shipping, warranty (45)": [
        "@",
        "e-mail",
        "email",
        "price",
        "cost",
        "$",
        "€",
        "shipping",
        "delivery",
        "warranty",
        "guarantee",
    ],
    "reassurance": [
        "safe",
        "safely",
        "harmless",
        "no risk",
        "risk-free",
        "side effect",
        "proven",
    ],
    "doses": ["minute", "nanomet", "nm", "joule", "watt", "per day", "daily"],
    "the slip on the page": ["blind faith is advised"],
}


@pytest.fixture(scope="module")
def corpus():
    return read_corpus(DOCUMENTS)


def said_in(corpus, document, section):
    found = corpus.section(document, section)
    parts = [*found.warnings, *found.passages]
    return " ".join(part.text for part in parts)


def everything_written():
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(DOCUMENTS.glob("*.md"))}


def test_the_table_has_every_fact_that_is_to_be_said():
    assert sorted(FACTS) == [*range(1, 43), *range(46, 83)]


@pytest.mark.parametrize("number", FACTS)
def test_fact_is_said(corpus, number):
    document, section, words = FACTS[number]
    text = said_in(corpus, document, section).casefold()
    missing = [word for word in words if word.casefold() not in text]
    assert not missing, f"fact {number}: {document}#{section} does not say {missing}"


@pytest.mark.parametrize("subject", ABSENT)
def test_not_said(subject):
    for name, text in everything_written().items():
        for word in ABSENT[subject]:
            pattern = rf"(?<!\w){re.escape(word)}(?!\w)" if word.isalpha() and len(word) <= 6 else re.escape(word)
            assert not re.search(pattern, text, re.IGNORECASE), f"{name} says {word!r}"


def test_blind_faith_is_not_advised(corpus):
    assert "Blind faith in the pads is not advised" in said_in(corpus, PADS, "insufficient-evidence")


def test_deep_infected_and_open_wounds_are_warned_of_where_wounds_are_a_use(corpus):
    warnings = " ".join(warning.text for warning in corpus.section(PADS, "soft-tissue-repair").warnings)
    assert "Deep wounds and infected wounds need medical treatment first" in warnings
    assert "open, unhealed wound should avoid" in warnings


@pytest.mark.parametrize("name", [MECHANISMS, PADS, SUPPLIER])
def test_documents_carry_the_date_of_the_pages(name):
    """Fact 83."""
    front = yaml.safe_load(everything_written()[name].split("---")[1])
    assert front["reviewed"] == date(2025, 10, 3)
    assert set(front) == {"title", "language", "reviewed", "url"}
