"""The books of the messaging experiments: Jepsen's words, each with its exact meaning."""

from collections import Counter

import pytest

from course.ch07.experiments import Books, Ledger, Share, Shares, StillWaiting, wait_until


@pytest.fixture
def ledger():
    """Four messages sent, three believed safe; one of these never came, another came twice."""
    return Ledger(
        attempted={"a", "b", "c", "d"},
        acknowledged={"a", "b", "c"},
        deliveries=Counter({"a": 1, "b": 2, "d": 1, "x": 1}),
    )


class TestLedger:
    def test_lost(self, ledger):
        """Acknowledged and never delivered."""
        assert ledger.lost == {"c"}

    def test_recovered(self, ledger):
        """Delivered although its outcome was unknown."""
        assert ledger.recovered == {"d"}

    def test_unexpected(self, ledger):
        """Delivered and never sent: nothing to do with the other kinds."""
        assert ledger.unexpected == {"x"}

    def test_duplicated(self, ledger):
        """Delivered more than once."""
        assert ledger.duplicated == {"b"}


def test_books_are_a_table(ledger):
    """One row a ledger, one count a word, in text and in HTML."""
    books = Books({"caisse": ledger})

    assert repr(books).splitlines()[1].split() == ["caisse", "4", "3", "4", "1", "1", "1", "1"]
    assert books._repr_html_().count("<td ") == 7


def test_shares_are_told_and_drawn():
    """The words carry what the picture shows."""
    shares = Shares({"prefetch 1": Share(Counter({"lent (50 ms)": 2, "rapide (1 ms)": 38}), 0.12)})

    assert "lent (50 ms) 2, rapide (1 ms) 38, en 0,1 s" in repr(shares)
    picture = shares.picture()
    assert picture.png.startswith(b"\x89PNG")
    assert picture.words.rows == [("prefetch 1", "2", "38", "0,1 s")]


def test_wait_until_gives_up():
    """What never comes is said, not awaited for ever."""
    with pytest.raises(StillWaiting):
        wait_until(lambda: False, timeout=0.05)
