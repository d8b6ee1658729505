"""Model archives: which one belongs to the current data, how one is made, what documents one holds."""

import contextlib
import hashlib
import io
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

import yaml

from bot.corpus import Corpus, shelf
from bot.errors import BotError

ROOT = Path(__file__).resolve().parents[2]
CONFIG, DOMAIN, DATA, MODELS = ROOT / "config.yml", ROOT / "bot" / "domain", ROOT / "data", ROOT / "models"
DOCUMENTS = DATA / "documents"
# What a model depends on beside the documents: change one of these, and the next start trains.
SOURCES = (CONFIG, DOMAIN, DATA / "nlu", DATA / "rules", DATA / "stories", ROOT / "requirements.lock")
CODE = (ROOT / "bot" / "understanding", ROOT / "bot" / "corpus")
# The components that read the documents when they are trained.
READERS = (
    "bot.understanding.passage_retriever.PassageRetriever",
    "bot.understanding.spelling_corrector.SpellingCorrector",
)
CORPUS_FILE = "corpus.json"


class ArchiveError(BotError):
    """A model cannot be made or read; the message says what to do."""


def model_for(documents: Path) -> Path:
    """Where the model of the current configuration, data and these documents is, or would be."""
    digest = hashlib.sha256()
    for source in (*SOURCES, *CODE, documents):
        files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
        for file in files:
            if "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(source)).encode() + b"\0" + file.read_bytes() + b"\0")
    return MODELS / f"{digest.hexdigest()[:12]}.tar.gz"


def read_config() -> dict[str, Any]:
    """What config.yml says.

    Raises:
        ArchiveError: it cannot be read, or holds no pipeline.
    """
    try:
        config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ArchiveError(_unreadable(CONFIG, error)) from error
    pipeline = config.get("pipeline") if isinstance(config, dict) else None
    if not isinstance(pipeline, list) or not all(isinstance(each, dict) and "name" in each for each in pipeline):
        raise ArchiveError(f"{CONFIG} must hold a pipeline: a list of components, each with a name.")
    return dict(config)


def check_domain_files() -> None:
    """Read every file of the domain; Rasa itself leaves out a file that it cannot read, and goes on.

    Raises:
        ArchiveError: one cannot be read.
    """
    from rasa.shared.exceptions import RasaException, YamlSyntaxException
    from rasa.shared.utils.io import read_yaml_file

    for file in sorted(DOMAIN.rglob("*.yml")):
        try:
            read_yaml_file(file)
        except RasaException as error:
            cause = error.underlying_yaml_exception if isinstance(error, YamlSyntaxException) else error
            raise ArchiveError(_unreadable(file, cause)) from error


def _unreadable(file: Path, error: BaseException | None) -> str:
    mark = getattr(error, "problem_mark", None)  # of the YAML parsers, PyYAML's and Rasa's
    if mark is not None:
        return f"{file}:{mark.line + 1}: This is not valid YAML: {getattr(error, 'problem', error)}."
    return f"{file} cannot be read: {getattr(error, 'strerror', None) or error}."


def train(documents: Path, out: Path) -> None:
    """Train a model on the project's configuration and data and on a folder of documents.

    Raises:
        ArchiveError: the data cannot be trained on, or the file not be written.
    """
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    config = read_config()
    check_domain_files()
    for component in config["pipeline"]:
        if component["name"] in READERS:
            component["documents"] = str(documents)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
            config_file = Path(scratch) / "config.yml"
            config_file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
            said = io.StringIO()
            with contextlib.redirect_stdout(said):  # Rasa names the file in the scratch folder
                result = rasa_train(
                    domain=str(DOMAIN),
                    config=str(config_file),
                    training_files=[str(DATA)],
                    output=scratch,
                    fixed_model_name="model",
                )
            if not result.model:
                raise ArchiveError(f"Nothing was trained: {said.getvalue().strip()} `bot check` says what is missing.")
            Path(result.model).replace(out)  # whole or not at all
    except RasaException as error:
        raise ArchiveError(str(error)) from error
    except OSError as error:
        raise ArchiveError(f"Cannot write {out}: {error.strerror or error}.") from error
    except BotError:
        raise
    except Exception as error:  # a domain or configuration that Rasa does not expect makes it raise anything
        raise ArchiveError(
            f"Training failed: {error}. `bot check` looks at the data; LOG_LEVEL=DEBUG says more."
        ) from error


def shelve(model: Path) -> Corpus:
    """Put the documents of a model archive on the shelf: for an action server that runs elsewhere.

    Raises:
        ArchiveError: the file is no model of this assistant.
    """
    try:
        with tarfile.open(model, "r:gz") as archive:
            for member in archive:
                if Path(member.name).name == CORPUS_FILE:
                    content = archive.extractfile(member)
                    if content is not None:
                        corpus = Corpus.from_json(content.read().decode("utf-8"))
                        shelf.put(corpus)
                        return corpus
    except (OSError, EOFError, zlib.error, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(f"{model} is not a model of this assistant: {error}") from error
    raise ArchiveError(f"{model} holds no documents: train it with `bot train`.")


def newest() -> Path:
    """The model that was trained last.

    Raises:
        ArchiveError: there is none.
    """
    found = sorted(MODELS.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise ArchiveError("There is no model yet. Train one: bot train")
    return found[-1]
