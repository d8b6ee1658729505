"""What stands where Rasa eagerly imports a package that is not installed.

Rasa imports all its components and channels at start, also those that no configuration names. Where
one needs a package that is missing, its module is answered with a placeholder of the same class name
that refuses, in a sentence that names it, as soon as a configuration uses it. Where the package is
installed, Rasa's own module is used.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

Builder = Callable[[types.ModuleType], None]

# module -> (class, its place in Rasa's recipe); all of them need TensorFlow
COMPONENTS = {
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier", "INTENT_CLASSIFIER"),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer", "MESSAGE_FEATURIZER"),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer", "MESSAGE_FEATURIZER"),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector", "INTENT_CLASSIFIER"),
    "rasa.core.policies.ted_policy": ("TEDPolicy", "POLICY_WITH_END_TO_END_SUPPORT"),
    "rasa.core.policies.unexpected_intent_policy": (
        "UnexpecTEDIntentPolicy",
        "POLICY_WITHOUT_END_TO_END_SUPPORT",
    ),
}
# Imported by name by rasa.utils.train_utils, used by the components above alone.
TENSORFLOW_HELPERS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}
# module -> (class, name in credentials.yml, package)
CHANNELS = {
    "rasa.core.channels.facebook": ("FacebookInput", "facebook", "fbmessenger"),
    "rasa.core.channels.hangouts": ("HangoutsInput", "hangouts", "google.auth"),
    "rasa.core.channels.mattermost": ("MattermostInput", "mattermost", "mattermostwrapper"),
    "rasa.core.channels.rocketchat": ("RocketChatInput", "rocketchat", "rocketchat_API"),
    "rasa.core.channels.slack": ("SlackInput", "slack", "slack_sdk"),
    "rasa.core.channels.socketio": ("SocketIOInput", "socketio", "socketio"),
    "rasa.core.channels.telegram": ("TelegramInput", "telegram", "aiogram"),
    "rasa.core.channels.twilio": ("TwilioInput", "twilio", "twilio"),
    "rasa.core.channels.twilio_voice": ("TwilioVoiceInput", "twilio_voice", "twilio"),
    "rasa.core.channels.webexteams": ("WebexTeamsInput", "webexteams", "webexteamssdk"),
}
# Rasa imports these two when it makes any tracker store, for its DynamoDB one.
BOTO3 = ("boto3", "boto3.dynamodb", "boto3.dynamodb.conditions", "botocore", "botocore.exceptions")


def _missing(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is None
    except ModuleNotFoundError:  # the parent of a dotted name
        return True


def _refuse(what: str, package: str, advice: str) -> NoReturn:
    from rasa.shared.exceptions import InvalidConfigException

    raise InvalidConfigException(
        f"What was asked for uses {what}, which needs the package '{package}'. It is not installed here. {advice}"
    )


def _component(module: types.ModuleType) -> None:
    from rasa.engine.graph import GraphComponent
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe

    name, kind = COMPONENTS[module.__name__]

    def refuse(*_: Any, **__: Any) -> NoReturn:
        _refuse(f"'{name}'", "tensorflow", "Name a component that needs no TensorFlow: see config.yml.")

    # required_packages is asked before anything is trained, load when a model comes from elsewhere.
    body = {"__module__": module.__name__, "required_packages": staticmethod(refuse)}
    body |= {method: classmethod(refuse) for method in ("create", "load")}
    placeholder = type(name, (GraphComponent,), body)
    register = DefaultV1Recipe.register(DefaultV1Recipe.ComponentType[kind], is_trainable=True)
    setattr(module, name, register(placeholder))


def _tensorflow_helper(module: types.ModuleType) -> None:
    for name in TENSORFLOW_HELPERS[module.__name__]:
        setattr(module, name, type(name, (), {"__module__": module.__name__}))


def _channel(module: types.ModuleType) -> None:
    from rasa.core.channels.channel import InputChannel

    name, channel, package = CHANNELS[module.__name__]

    def refuse(cls: type, credentials: Any = None) -> NoReturn:
        _refuse(f"the channel '{channel}'", package, "Install it, or take the channel out of credentials.yml.")

    body = {
        "__module__": module.__name__,
        "name": classmethod(lambda cls: channel),
        "from_credentials": classmethod(refuse),
    }
    setattr(module, name, type(name, (InputChannel,), body))


def _kafka(module: types.ModuleType) -> None:
    from rasa.core.brokers.broker import EventBroker

    async def refuse(cls: type, *_: Any, **__: Any) -> NoReturn:
        _refuse("the event broker 'kafka'", "confluent-kafka", "Install it, or change event_broker in endpoints.yml.")

    body = {"__module__": module.__name__, "from_endpoint_config": classmethod(refuse)}
    module.KafkaEventBroker = type("KafkaEventBroker", (EventBroker,), body)  # type: ignore[attr-defined]


def _boto3(module: types.ModuleType) -> None:
    module.__path__ = []
    if module.__name__ == "boto3.dynamodb.conditions":
        module.Key = type("Key", (), {})  # type: ignore[attr-defined]
    elif module.__name__ == "botocore.exceptions":
        # Rasa names it in an `except`, which takes nothing but exceptions.
        module.BotoCoreError = type("BotoCoreError", (Exception,), {})  # type: ignore[attr-defined]
    elif module.__name__ == "boto3":

        def refuse(*_: Any, **__: Any) -> NoReturn:
            _refuse("Amazon's DynamoDB or S3", "boto3", "Install it, or change endpoints.yml.")

        module.client = module.resource = refuse  # type: ignore[attr-defined]


def _plotting(module: types.ModuleType) -> None:
    def refuse(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # what Python itself asks of a module
        _refuse("plots", "matplotlib", "Install the development tools: make setup-dev")

    module.__getattr__ = refuse  # type: ignore[method-assign]


def _table() -> dict[str, Builder]:
    table: dict[str, Builder] = {}
    if _missing("tensorflow"):
        table |= dict.fromkeys(COMPONENTS, _component)
        table |= dict.fromkeys(TENSORFLOW_HELPERS, _tensorflow_helper)
    if _missing("boto3"):
        table |= dict.fromkeys(BOTO3, _boto3)
    if _missing("matplotlib"):
        # Rasa's server imports its tests, and these their plots: 100 MiB for `bot rasa test` alone.
        table["rasa.utils.plotting"] = _plotting
    if _missing("confluent_kafka"):
        table["rasa.core.brokers.kafka"] = _kafka
    return table | {module: _channel for module, (_, _, package) in CHANNELS.items() if _missing(package)}


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self) -> None:
        self.table = _table()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.machinery.ModuleSpec(name, self, origin="placeholder") if name in self.table else None

    def exec_module(self, module: types.ModuleType) -> None:
        self.table[module.__name__](module)


def installed() -> bool:
    """Whether the placeholders are in place in this process."""
    return any(isinstance(finder, _Finder) for finder in sys.meta_path)


def install() -> None:
    """Answer the imports of the table from now on."""
    sys.meta_path.insert(0, _Finder())
