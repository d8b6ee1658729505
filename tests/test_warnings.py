"""pyproject.toml: a warning that our own modules give rise to fails the test, one of Rasa's does not."""

import warnings

import pytest


def _warn_from(module: str, category: type[Warning]) -> None:
    exec("warnings.warn('x', category)", {"__name__": module, "warnings": warnings, "category": category})


@pytest.mark.parametrize("category", [UserWarning, DeprecationWarning, FutureWarning, ResourceWarning])
@pytest.mark.parametrize("module", ["bot", "bot.answers.compose", "actions", "actions.screen"])
def test_a_warning_of_ours_is_an_error(module: str, category: type[Warning]) -> None:
    with pytest.raises(category):
        _warn_from(module, category)


@pytest.mark.parametrize("category", [UserWarning, DeprecationWarning, FutureWarning, ResourceWarning])
@pytest.mark.parametrize("module", ["rasa.core.actions.action", "botocore", "sanic.app"])
def test_a_warning_of_others_is_none(module: str, category: type[Warning]) -> None:
    _warn_from(module, category)
