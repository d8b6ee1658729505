"""Deliveries in which anything may stand anywhere."""

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from payloads import FIXTURES, fixture

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["Aardvark 4711", "\ud83d", "\0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted(file.stem for file in FIXTURES.glob("*.json"))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a delivery."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, each in inner for place in places(each, (*path, key)))]


def put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    changed = deepcopy(value)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = new
    return changed


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A delivery with up to three things that are not what they should be."""
    delivery = fixture(draw(st.sampled_from(NAMES)))
    for _ in range(draw(st.integers(1, 3))):
        delivery = put(delivery, draw(st.sampled_from(places(delivery))), draw(ANYTHING))
    return delivery
