"""Placeholders refuse by name what is not installed, stand aside for what is, and are no more than are needed."""

import sys
from pathlib import Path

import pytest
from processes import python

from bot import runtime
from bot.runtime import archive, placeholders, server

COMPONENTS = {
    "pipeline": ["DIETClassifier", "ConveRTFeaturizer", "LanguageModelFeaturizer", "ResponseSelector"],
    "policies": ["TEDPolicy", "UnexpecTEDIntentPolicy"],
}
CHANNELS = {
    "facebook": "fbmessenger",
    "hangouts": "google.auth",
    "mattermost": "mattermostwrapper",
    "rocketchat": "rocketchat_API",
    "slack": "slack_sdk",
    "socketio": "socketio",
    "telegram": "aiogram",
    "twilio": "twilio",
    "twilio_voice": "twilio",
    "webexteams": "webexteamssdk",
}


@pytest.mark.parametrize(("place", "name"), [(place, name) for place in COMPONENTS for name in COMPONENTS[place]])
def test_a_component_that_needs_tensorflow_is_refused_before_training(
    place: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.engine.training.graph_trainer import GraphTrainer

    components = {"pipeline": ["WhitespaceTokenizer"], "policies": ["RulePolicy"]}
    components[place].append(name)
    lines = ["recipe: default.v1", "language: en", "assistant_id: test"]
    for key, names in components.items():
        lines += [f"{key}:", *(f"  - name: {each}" for each in names)]
    config, domain, data = tmp_path / "config.yml", tmp_path / "domain", tmp_path / "data"
    config.write_text("\n".join(lines))
    domain.mkdir()
    (domain / "domain.yml").write_text("intents: [greet, bye]\nresponses:\n  utter_greet:\n  - text: Hello\n")
    data.mkdir()
    examples = "- intent: {}\n  examples: |\n    - {} you\n    - {} all\n"
    (data / "nlu.yml").write_text("nlu:\n" + "".join(examples.format(each, each, each) for each in ("greet", "bye")))
    (data / "rules.yml").write_text("rules:\n- rule: greet\n  steps:\n  - intent: greet\n  - action: utter_greet\n")
    for constant, value in {"CONFIG": config, "DOMAIN": domain, "DATA": data}.items():
        monkeypatch.setattr(archive, constant, value)
    monkeypatch.setattr(GraphTrainer, "train", lambda *_, **__: pytest.fail("It began to train."))
    with pytest.raises(archive.ArchiveError, match=rf"uses '{name}', .* 'tensorflow'\."):
        archive.train(archive.DOCUMENTS, tmp_path / "model.tar.gz")


@pytest.mark.parametrize("name", [name for names in COMPONENTS.values() for name in names])
@pytest.mark.parametrize("method", ["create", "load"])
def test_a_model_from_elsewhere_that_needs_tensorflow_is_refused(name: str, method: str) -> None:
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe
    from rasa.shared.exceptions import InvalidConfigException

    component = DefaultV1Recipe._from_registry(name).clazz
    with pytest.raises(InvalidConfigException, match=f"'{name}'"):
        getattr(component, method)({}, None, None, None)


@pytest.mark.parametrize(("channel", "package"), CHANNELS.items())
def test_a_channel_whose_package_is_missing_is_refused_by_name(channel: str, package: str, tmp_path: Path) -> None:
    from rasa.core.run import create_http_input_channels
    from rasa.shared.exceptions import InvalidConfigException

    credentials = tmp_path / "credentials.yml"
    credentials.write_text(f"{channel}:\n  token: x\n")
    with pytest.raises(InvalidConfigException, match=rf"the channel '{channel}', .* '{package}'"):
        create_http_input_channels(None, str(credentials))


@pytest.mark.parametrize(
    ("endpoints", "named"),
    [
        ("tracker_store:\n  type: dynamo\n  table_name: states\n", "DynamoDB.* 'boto3'"),
        ("event_broker:\n  type: kafka\n  url: localhost\n  topic: events\n", "'kafka'.* 'confluent-kafka'"),
    ],
)
async def test_a_store_or_broker_whose_package_is_missing_is_refused_by_name(
    endpoints: str, named: str, tmp_path: Path
) -> None:
    file = tmp_path / "endpoints.yml"
    file.write_text(endpoints)
    with pytest.raises(server.ServerError, match=named):
        await server.load_agent(tmp_path / "no-model", file)


def test_models_in_amazon_s3_are_refused_by_name() -> None:
    from rasa.nlu.persistor import get_persistor
    from rasa.shared.exceptions import InvalidConfigException

    with pytest.raises(InvalidConfigException, match=r"S3.* 'boto3'"):
        get_persistor("aws")


def test_a_package_that_is_installed_is_used(tmp_path: Path) -> None:
    packages = {
        "twilio/__init__.py": "",
        "twilio/rest.py": "class Client: ...",
        "twilio/base/__init__.py": "",
        "twilio/twiml/__init__.py": "",
        "twilio/twiml/voice_response.py": "class VoiceResponse: ...\nclass Gather: ...",
        "twilio/base/exceptions.py": "class TwilioRestException(Exception): ...",
        "boto3/__init__.py": "",
        "boto3/dynamodb/__init__.py": "",
        "boto3/dynamodb/conditions.py": "class Key: ...",
    }
    for file, content in packages.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content)
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from bot import runtime
runtime.install()
import boto3
import rasa.core.channels.slack
import rasa.core.channels.twilio
print(boto3.__file__, rasa.core.channels.twilio.__file__, rasa.core.channels.twilio.TwilioInput.name())
print(rasa.core.channels.slack.__spec__.origin)
"""
    done = python(code, str(tmp_path))
    assert done.returncode == 0, done.stderr
    used, missing = done.stdout.splitlines()
    boto3, twilio, channel = used.split()
    assert boto3 == str(tmp_path / "boto3/__init__.py")
    assert twilio.endswith("site-packages/rasa/core/channels/twilio.py")
    assert channel == "twilio"
    assert missing == "placeholder"


def test_install_after_rasa_is_refused() -> None:
    done = python("import rasa\nfrom bot import runtime\nruntime.install()")
    assert done.returncode
    assert "RuntimeError: bot.runtime.install() must run before Rasa is imported." in done.stderr


def test_install_with_another_rasa_is_refused() -> None:
    code = """
import importlib.metadata
importlib.metadata.version = lambda name: "3.6.20"
from bot import runtime
runtime.install()
"""
    done = python(code)
    assert done.returncode
    assert "RuntimeError: This runtime is made for rasa 3.6.21, and 3.6.20 is installed." in done.stderr


def test_install_twice_changes_nothing() -> None:
    from rasa.shared.core.events import Event

    before = list(sys.meta_path), Event.resolve_by_type
    runtime.install()
    assert (list(sys.meta_path), Event.resolve_by_type) == before
    assert sum(isinstance(finder, placeholders._Finder) for finder in sys.meta_path) == 1


def test_rasas_command_line_can_be_imported_and_asks_for_each_placeholder() -> None:
    """Rasa imports them by itself, whatever is configured. Kafka's it imports when it is configured."""
    code = """
import sys
from bot import runtime
runtime.install()
import rasa.__main__, rasa.core.test, rasa.engine.recipes.default_components
from rasa.core.tracker_store import TrackerStore
from bot.runtime import placeholders
TrackerStore.create(None)
print(*sorted(placeholders._table().keys() - sys.modules.keys() - {"boto3"}))
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["rasa.core.brokers.kafka"]


def test_without_its_placeholder_each_module_fails_to_import() -> None:
    """Kafka's would be imported, and fail at the first event of the first customer."""
    code = """
import importlib, sys
from bot import runtime
runtime.install()
import rasa.__main__
from bot.runtime import placeholders
names = placeholders._table()
sys.meta_path[:] = [f for f in sys.meta_path if not isinstance(f, placeholders._Finder)]
for name in [*names, "rasa.core.channels"]:  # the package imports them all
    sys.modules.pop(name, None)
for name in names:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    print(name)
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) - {"rasa.utils.plotting"} == {"rasa.core.brokers.kafka"}
