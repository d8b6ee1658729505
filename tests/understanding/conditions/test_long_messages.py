"""However long a message is and whatever it repeats, it is read to its end: no item doubles the time."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest
from test_extract import lexicon

from bot.understanding.conditions import extract

LONGEST = 4096  # characters; what channels let through
SECONDS = 60  # a hundred times what it takes; what doubles with each item takes years
LISTS = [
    "lupus, ",
    "lupus and ",
    "lupus or the ",
    "no lupus, ",
    "lupus? me? ",
    "neither lupus nor ",
    "put a no next to lupus, ",
    "no to all of lupus, ",
    "the lupus of my ",
    "my wife's sister's lupus ",
]


@pytest.fixture(autouse=True)
def _in_time() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("item", LISTS)
@pytest.mark.parametrize("end", ["", "all no", "knees"])
def test_a_list_as_long_as_a_message_can_be_is_read(item: str, end: str) -> None:
    text = (item * LONGEST)[: LONGEST - len(end) - 1] + " " + end
    assert any(found.condition == "photosensitivity" for found in extract(text, lexicon()))
