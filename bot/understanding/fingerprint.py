"""What Rasa's training cache cannot see of a component: the code it calls and the files it reads."""

import functools
import hashlib
from pathlib import Path

from bot.understanding import encoder


@functools.cache
def code_fingerprint() -> str:
    """A digest of the code of bot.understanding and bot.corpus and of the encoder's version."""
    package = Path(__file__).parent
    digest = hashlib.sha256(encoder.version().encode())
    for folder in (package, package.parent / "corpus"):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()
