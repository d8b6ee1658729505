"""What `bot check` looks at: documents, domain and data, each valid, and agreeing with each other."""

import ast
import warnings
from collections.abc import Iterator
from typing import Any

from bot.corpus import Corpus, CorpusError, read_corpus
from bot.corpus.conditions import KNOWN_CONDITIONS
from bot.runtime.archive import (
    CONFIG,
    DATA,
    DOCUMENTS,
    DOMAIN,
    ROOT,
    ArchiveError,
    check_domain_files,
    read_config,
)

# Rasa warns of these; here they are as they should be.
EXPECTED = (
    "is not used in any story or rule",
    "lookup table",
    "Slot auto-fill has been removed",
    "The intent 'ask_topic'",  # a section's title, which PassageRetriever knows without examples
)
FALLBACK_INTENT = "nlu_fallback"
UNDOCUMENTED = "undocumented_condition"
# The other lookup table: phrases that make a message an emergency.
EMERGENCY = "emergency"
# What WhatsApp writes on buttons, and how many characters one of them shows.
BUTTON = 20
ON_BUTTONS = ("utter_whatsapp_more", "utter_whatsapp_choose", "utter_whatsapp_related")


def problems() -> list[str]:
    """One sentence for each thing to mend; an empty list when all is well."""
    found: list[str] = []
    corpus: Corpus | None = None
    try:
        corpus = read_corpus(DOCUMENTS)
    except CorpusError as error:
        found += [str(problem) for problem in error.problems]
    try:
        read_config()
        check_domain_files()
        domain, nlu, rules = _load()
    except ArchiveError as error:
        return [*found, str(error)]
    except Exception as error:  # Rasa has no one exception for files that it cannot read
        return [*found, f"The domain or the data cannot be read: {error}"]
    found += _rasa_validator()
    found += _agreement(domain, nlu, rules)
    if corpus is not None:
        found += _conditions(corpus, nlu)
        found += _named_sections(corpus, nlu)
    return found


def _load() -> tuple[Any, Any, Any]:
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config(str(CONFIG), str(DOMAIN), [str(DATA)])
    return importer.get_domain(), importer.get_nlu_data(), importer.get_stories()


def _rasa_validator() -> Iterator[str]:
    """What `rasa data validate` finds, without what it takes for a fault and is none."""
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        validator = Validator.from_importer(
            TrainingDataImporter.load_from_config(str(CONFIG), str(DOMAIN), [str(DATA)])
        )
        validator.verify_domain_validity()
        validator.verify_nlu(ignore_warnings=False)
        validator.verify_actions_in_stories_rules()
        validator.verify_story_structure(ignore_warnings=False)
    for warning in caught:
        text = str(warning.message).split("\n")[0]
        if issubclass(warning.category, UserWarning) and not any(part in text for part in EXPECTED):
            yield text


def _agreement(domain: Any, nlu: Any, stories: Any) -> Iterator[str]:
    answered = {
        event.intent_name
        for step in stories.story_steps
        if "rule" in (step.block_name or "") or (step.source_name and "rules" in step.source_name)
        for event in step.events
        if getattr(event, "intent_name", None)
    }
    for intent in sorted(nlu.intents - answered):
        yield f"data/rules: no rule answers the intent {intent}, so a customer could get no reply."
    for intent in sorted(set(domain.intents) - nlu.intents - answered - set(_default_intents())):
        yield f"bot/domain: the intent {intent} has neither examples in data/nlu nor a rule."
    written = _written_actions()
    custom = {name for name in domain.user_actions if not name.startswith("utter_")}
    for action in sorted(custom - written):
        yield f"bot/domain: the action {action} is not written: add a file for it under actions/."
    for action in sorted(written - custom):
        yield f"actions: {action} is not in the domain: add it under bot/domain/."
    for folder in ("bot/answers", "bot/channels"):
        for name in sorted(_said(folder) - {r.removeprefix("utter_") for r in domain.responses}):
            yield f"bot/domain: {folder} says utter_{name}, which is no response of the domain."
    for name in ON_BUTTONS:
        text = domain.responses.get(name, [{}])[0].get("text", "")
        if len(text) > BUTTON:
            yield f"bot/domain: {name} has {len(text)} characters; a button of WhatsApp shows at most {BUTTON}."


def _conditions(corpus: Corpus, nlu: Any) -> Iterator[str]:
    tables = {table["name"] for table in nlu.lookup_tables}
    for condition in sorted(corpus.contraindications.keys() - tables):
        yield f"data/nlu/conditions.yml: no lookup table {condition}, so nobody can mention it."
    for table in sorted(tables - KNOWN_CONDITIONS.keys() - {UNDOCUMENTED, EMERGENCY}):
        yield f"data/nlu/conditions.yml: the lookup table {table} is no known condition."
    for condition in sorted(KNOWN_CONDITIONS.keys() - corpus.contraindications.keys()):
        yield f"data/documents: no contraindication {condition}; who mentions it would not be warned."


def _named_sections(corpus: Corpus, nlu: Any) -> Iterator[str]:
    known = {f"{section.document}#{section.id}" for section in corpus.sections if section.passages}
    of_examples = (example.get("metadata") or {} for example in nlu.intent_examples)
    named = {metadata.get("intent", {}).get("section") for metadata in of_examples}
    for section in sorted(named - known - {None}):
        yield f"data/nlu: examples name the section {section}, which no document has: mend or delete them."


def _written_actions() -> set[str]:
    """The names that the rasa-sdk actions under actions/ give themselves, read and not run."""
    names = set()
    for path in (ROOT / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name == "name":
                names |= {
                    str(n.value)
                    for n in ast.walk(node)
                    if isinstance(n, ast.Constant) and str(n.value).startswith("action_")
                }
    return names


def _said(folder: str) -> set[str]:
    """The canned responses that the modules of a folder ask for by a constant name."""
    names = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("responses") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    names.add(str(first.value))
    return names


def _default_intents() -> list[str]:
    from rasa.shared.core.constants import DEFAULT_INTENTS

    return [*DEFAULT_INTENTS, FALLBACK_INTENT]
