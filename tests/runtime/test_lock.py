"""What is installed is what the lock pins: an installer that keeps another version breaks only some machines."""

from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

LOCK = Path(__file__).parents[2] / "requirements-dev.lock"


def pins() -> list[Requirement]:
    """The lock's pins that apply to this Python and system."""
    lines = (line.removesuffix(" \\") for line in LOCK.read_text().splitlines() if "==" in line and line[0].isalpha())
    pinned = [Requirement(line) for line in lines]
    return [pin for pin in pinned if pin.marker is None or pin.marker.evaluate()]


def test_every_pin_of_the_lock_is_what_is_installed():
    assert len(pins()) > 100
    different = {pin.name: version(pin.name) for pin in pins() if not pin.specifier.contains(version(pin.name))}
    assert different == {}
