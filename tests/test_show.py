"""What chapters show of their measures: drawn, said, and the same words from run to run."""

import pytest

from workbook import show
from workbook.views.charts.distribution import quantile

SHARES = {"prefetch 10": {"lent": 13, "rapide": 27}, "prefetch 1": {"rapide": 38}}
PNG = b"\x89PNG\r\n\x1a\n"


def drawn(picture):
    return [label.text for label in picture._scene.labels if label.text]


class TestBars:
    @pytest.fixture
    def picture(self):
        return show.bars(
            SHARES, title="Partage", unit="messages traités", notes={"prefetch 1": "0,1 s"}
        )

    def test_is_drawn(self, picture):
        assert picture.png.startswith(PNG)
        assert {"Partage", "prefetch 10", "lent", "13", "27", "0,1 s"} <= set(drawn(picture))

    def test_stays_on_the_page(self, picture):
        """The note after the longest bar as well."""
        labels = [label.box for label in picture._scene.labels if label.text]

        assert all(box.left >= 0 and box.right <= picture._scene.width for box in labels)

    def test_short_bar_says_what_it_comes_to(self):
        """A value that its bar cannot hold stands after it, before the note."""
        rows = {"court": {"ms": 3}, "rien": {"ms": 0}, "long": {"ms": 3000}}

        words = drawn(show.bars(rows, title="Durées", unit="ms", notes={"court": "0 appel"}))

        assert "3 · 0 appel" in words
        assert words.count("3\u202f000") == 2  # in its bar, and on the axis
        assert "0" in words

    def test_title_that_asks(self):
        """A question is not followed by a colon."""
        asked = show.bars(SHARES, title="Qui lit ?", unit="messages").words.sentence

        assert asked.startswith("Qui lit ? Une barre par ligne")

    def test_says_its_data(self, picture):
        """A part that a row lacks is nothing; the figures are marked as measured."""
        assert picture.words.rows == [
            ("prefetch 10", "13", "27", ""),
            ("prefetch 1", "0", "38", "0,1 s"),
        ]
        assert '<td class="measured" style="text-align:right">38</td>' in picture.words.html()

    def test_sentence_has_no_measure(self, picture):
        other = {row: {part: 0 for part in ("lent", "rapide")} for row in SHARES}

        said = show.bars(other, title="Partage", unit="messages traités").words.sentence

        assert picture.words.sentence == said

    def test_nothing(self):
        assert show.bars({}, title="Rien", unit="messages").png.startswith(PNG)


class TestDistribution:
    def test_is_drawn(self):
        picture = show.distribution({"avec": [0.01, 0.2], "sans": [1.5]}, title="Attente")

        assert picture.png.startswith(PNG)
        assert {"Attente", "avec", "sans", "50\u202f%", "durée"} <= set(drawn(picture))

    def test_says_its_quantiles(self):
        """In French units, measured."""
        picture = show.distribution({"avec": [n / 100 for n in range(100, 0, -1)]}, title="Attente")

        (row,) = picture.words.rows
        assert row == ("avec", "100", "500\u202fms", "950\u202fms", "990\u202fms", "1\u202fs")

    def test_quantile(self):
        """Nearest rank: a value that was measured."""
        assert [quantile([1, 2, 3, 4], share) for share in (0, 0.5, 0.51, 1)] == [1, 2, 3, 4]

    def test_nothing(self):
        assert "Aucune mesure" in repr(show.distribution({"avec": []}, title="Attente"))


def test_table():
    """Text for a terminal, HTML for a notebook."""
    table = show.table(("service", "appels"), [("orders", 12)], "Ce qui fut vu")

    assert repr(table).splitlines() == ["Ce qui fut vu", "service  appels", "orders       12"]
    assert '<th scope="row" style="text-align:left">orders</th>' in table._repr_html_()


def test_table_breaks_its_paths():
    """A column of files does not push a table off a narrow page; figures stay in one piece."""
    rows = [("Istio", "services/chassis/calls.py", "9/10", "GET /orders/<id>")]

    html = show.table(["Outil", "Fichier", "Points", "Route"], rows, left=4)._repr_html_()

    assert "services/<wbr>chassis/<wbr>calls.py</td>" in html
    assert "9/10</td>" in html
    assert "GET /orders/&lt;id&gt;</td>" in html
    assert "</tr></thead><tbody>" in html
