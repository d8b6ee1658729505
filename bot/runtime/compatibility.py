"""Names that Rasa 3.6.21 imports and that its lifted dependencies have dropped since."""

import warnings

import numpy
import packaging.version


def apply() -> None:
    """Put the missing names back, each as the empty thing that Rasa needs it to be."""
    # pkg_resources says at import that it will go one day; requirements.lock holds a release that has it.
    warnings.filterwarnings("ignore", message=".*pkg_resources.*", category=UserWarning)
    warnings.filterwarnings("ignore", message=".*pkg_resources.*", category=DeprecationWarning)
    if not hasattr(packaging.version, "LegacyVersion"):
        # Rasa asks isinstance(version, LegacyVersion); packaging >= 22 makes none.
        packaging.version.LegacyVersion = type("LegacyVersion", (), {})  # type: ignore[attr-defined]
    if not hasattr(numpy, "VisibleDeprecationWarning"):
        numpy.VisibleDeprecationWarning = numpy.exceptions.VisibleDeprecationWarning  # type: ignore[attr-defined]
