"""What a new service is easily added without: each is refused here by its name."""

import pytest
from basics import ROOT

from services.auth.tokens import AUDIENCE
from workbook.shop.services import MICROSERVICES, SERVICES

TESTS, CONTRACTS = ROOT / "tests/services", ROOT / "tests/contracts"


def test_folders_are_in_the_catalogue():
    """A folder that the catalogue does not name is started by nobody."""
    folders = {app.parent.name for app in (ROOT / "services").glob("*/app.py")}

    assert folders == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_has_tests_of_its_own(name):
    assert (TESTS / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", [name for name in MICROSERVICES if name != "gateway"])
def test_has_a_contract(name):
    """Somebody calls it or hears its events, and wrote down what they need of it."""
    assert list(CONTRACTS.glob(f"*__{name}.json"))


def test_tokens_are_valid_everywhere():
    """A service that tokens do not name answers 401 to everybody; the registry asks for none."""
    assert set(AUDIENCE) == set(MICROSERVICES) - {"registry"}
