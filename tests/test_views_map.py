"""The map as a picture: every state looks different, and every word can be read."""

import io
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from tests.views_graphs import (
    CASES,
    broker_down,
    dead_letters,
    empty,
    first_chapter,
    healthy,
    long_names,
    payments_killed,
)
from workbook.views.canvas.glyphs import fit, shorten, text_path, text_width, wrap
from workbook.views.canvas.theme import DARK, DOWN, LIGHT, SERVICE_COLOURS, palette
from workbook.views.canvas.words import duration, number, percent, plural
from workbook.views.layout.measure import key_lines
from workbook.views.map.cards import metrics
from workbook.views.map.drawing import MapDrawing, status
from workbook.views.map.flows import flow
from workbook.views.map.sentence import describe, map_words

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def drawing():
    return MapDrawing(healthy())


def words(drawing):
    return [label.text for label in drawing.scene.labels if label.text]


class TestPicture:
    @pytest.mark.parametrize("name", CASES)
    def test_words_do_not_collide(self, name):
        """In every state of the shop, no text runs into another or off the page."""
        drawing = MapDrawing(CASES[name]())
        width, height = drawing.size
        boxes = [(lb.text, _ink(lb)) for lb in drawing.scene.labels if lb.text]

        assert [t for t, b in boxes if b.left < 0 or b.right > width or b.bottom > height] == []
        assert [(s, t) for (s, a), (t, b) in combinations(boxes, 2) if a.overlap(b) > 1] == []

    @pytest.mark.parametrize("name", CASES)
    def test_cards_hold_their_words(self, name):
        """No title, reason or metric leaves its card."""
        drawing = MapDrawing(CASES[name]())

        for box in drawing.layout.boxes.values():
            inside = [_ink(lb) for lb in drawing.scene.labels if _starts_in(lb, box)]
            assert all(word.right <= box.right - 3 for word in inside)

    def test_states_differ(self):
        """A killed service, a full queue and a dead broker do not look like health."""
        states = [healthy(), payments_killed(), dead_letters(), broker_down()]

        pictures = {MapDrawing(graph).png() for graph in states}

        assert len(pictures) == len(states)
        assert all(picture.startswith(PNG) for picture in pictures)

    def test_same_state_same_bytes(self):
        """Nothing is drawn at random: the picture of a state is always the same."""
        assert MapDrawing(payments_killed()).png() == MapDrawing(payments_killed()).png()

    def test_red_card(self):
        """The dead service is the one that turns red."""
        drawing = MapDrawing(payments_killed())
        frame, box = drawing.rgba(), drawing.layout.boxes["payments"]

        border = frame[round(box.y), round(box.left), :3]

        assert np.abs(border.astype(int) - _rgb(DOWN)).max() < 40

    def test_themes(self):
        """Dark is dark."""
        light, dark = (MapDrawing(healthy(), name).rgba()[4, 4, :3] for name in ("light", "dark"))

        assert light.mean() > 200
        assert dark.mean() < 60

    def test_scale(self, drawing):
        """Twice the pixels for a picture one keeps."""
        assert drawing.rgba(2).shape[1] == pytest.approx(2 * drawing.rgba(1).shape[1], abs=2)

    @pytest.mark.parametrize("services", [(), SERVICE_COLOURS[:8]])
    @pytest.mark.parametrize("theme", [LIGHT, DARK])
    def test_palette_keeps_surfaces(self, theme, services):
        """The light encoding changes the colour of no page, card, band or bar."""
        surfaces = [theme.background, theme.card, theme.band, *services]
        image = Image.new("RGB", (len(surfaces), 1))
        for x, colour in enumerate(surfaces):
            image.putpixel((x, 0), tuple(_rgb(colour)))
        colours = Image.new("P", (1, 1))
        colours.putpalette(palette(theme, services))

        encoded = image.quantize(palette=colours, dither=Image.Dither.NONE)

        assert encoded.convert("RGB").tobytes() == image.tobytes()

    def test_palette_keeps_letters(self, drawing):
        """The edges of letters move by less than an eye sees."""
        exact = Image.fromarray(drawing.rgba()).convert("RGB")
        with Image.open(io.BytesIO(drawing.png())) as image:
            encoded = image.convert("RGB")

        apart = np.abs(np.asarray(exact, int) - np.asarray(encoded, int)).max(axis=2)
        assert (apart > 24).mean() < 0.01


class TestUpdate:
    def test_states_do_not_rebuild(self, drawing):
        """Rates, health and depth change nothing of the layout."""
        assert drawing.update(payments_killed()) is False

    def test_update_equals_fresh(self, drawing):
        """A map brought from one state to another is the map drawn in that state."""
        drawing.update(payments_killed())

        assert drawing.png() == MapDrawing(payments_killed()).png()

    def test_recovery(self, drawing):
        """What turned red turns green again: nothing sticks."""
        before = drawing.png()
        drawing.update(payments_killed())
        drawing.update(broker_down())
        drawing.update(healthy())

        assert drawing.png() == before

    def test_new_edge_rebuilds(self, drawing):
        """A call never seen before makes room for itself."""
        graph = healthy()
        graph.add_edge("notifications", "users", kind="http", rate=1)

        assert drawing.update(graph) is True
        assert ("notifications", "users") in drawing.layout.curves

    def test_gone_node(self, drawing):
        """A service taken out of the shop leaves the map."""
        graph = healthy()
        graph.remove_node("users")

        drawing.update(graph)

        assert "Clients" in words(drawing)
        assert "users" not in words(drawing)


class TestWords:
    def test_titles_and_names(self, drawing):
        """A card says what it is called and what to type."""
        assert {"Commandes", "orders", "Paiements", "payments"} <= set(words(drawing))

    def test_reason_replaces_metrics(self):
        """A dead service says why it is dead."""
        assert "ne répond plus (kill -9)" in words(MapDrawing(payments_killed()))

    def test_breaker_word(self):
        """An open breaker is said in words too."""
        assert "coupé" in words(MapDrawing(payments_killed()))

    def test_instances(self):
        """Several instances are counted on the card, one is not."""
        assert "×3" in words(MapDrawing(payments_killed()))
        assert "×1" not in words(MapDrawing(payments_killed()))

    def test_queue(self):
        """Depth to the message, and who is there to take them."""
        said = words(MapDrawing(dead_letters()))

        assert {"87\u202fmsg", "4\u202fmsg", "1 consommateur", "lettres mortes"} <= set(said)

    def test_no_consumer(self):
        """A queue nobody reads says so."""
        graph = healthy()
        graph.nodes["queue:notifications.orders"]["consumers"] = 0

        assert "aucun consommateur" in words(MapDrawing(graph))

    def test_broker_down(self):
        """The broker's own death is written on its band."""
        assert "RabbitMQ ne répond plus" in words(MapDrawing(broker_down()))

    def test_legend_fits_the_map(self):
        """Without a broker, the legend does not speak of messages."""
        assert "message" not in words(MapDrawing(first_chapter()))
        assert "message" in words(MapDrawing(healthy()))

    def test_long_reason_ends_in_ellipsis(self):
        """A reason too long for the card loses its end, never its beginning."""
        reason = next(w for w in words(MapDrawing(long_names())) if w.startswith("arrêté par"))

        assert reason.endswith("…")

    def test_header(self):
        """Rate, errors and waiting messages; without traffic, that."""
        graph = healthy()

        assert status(graph)[1:] == [
            "128 req/s", "0\u202f% d’erreurs", "3 messages en file",
        ]  # fmt: skip
        assert status(empty("auth"))[1:] == ["aucun trafic"]

    @pytest.mark.parametrize(
        ("node", "said"),
        [
            ({"rate": 9.4, "p95": 0.21}, "9,4 req/s · p95 210\u202fms"),
            ({"rate": 9.4, "p95": 1.25}, "9,4 req/s · p95 1,2\u202fs"),
            ({"rate": 8, "error_rate": 0.24}, "8 req/s · 24\u202f% err"),
            ({"rate": 0}, "aucun trafic"),
            ({}, "aucun trafic"),
        ],
    )
    def test_metrics(self, node, said):
        """One line of figures, as a French reader writes them."""
        assert metrics(node, "ok")[0] == said


class TestFlow:
    def test_idle(self):
        """An edge without traffic stays, thin and dotted, without words."""
        idle = flow({"kind": "http", "rate": 0}, LIGHT)

        assert idle.dash is not None
        assert (idle.words, idle.requests) == ("", 0)

    def test_errors(self):
        """Errors are said, and some of the requests are diamonds."""
        failing = flow({"kind": "http", "rate": 8, "error_rate": 0.24}, LIGHT)

        assert failing.words == "8/s · 24\u202f% err"
        assert 0 < failing.failing < failing.requests

    def test_busier_is_wider(self):
        """Width grows with the rate, slowly."""
        widths = [flow({"rate": rate}, LIGHT).line for rate in (1, 10, 100)]

        assert widths == sorted(widths)
        assert widths[-1] < 2.5 * widths[0]

    @pytest.mark.parametrize("keys", ["a.b,c.d", ["a.b", "c.d"], "a.b c.d"])
    def test_routing_keys(self, keys):
        """One key a line, however they come."""
        assert key_lines({"routing_key": keys}) == ["a.b", "c.d"]

    def test_many_routing_keys(self):
        """Past the third, only how many more."""
        assert key_lines({"routing_key": "a b c d e"}) == ["a", "b", "+ 3 autres"]
        assert len(key_lines({"routing_key": "a b c d e", "kind": "binding"})) == 5


class TestGlyphs:
    def test_width_grows(self):
        """A text is as wide as its letters."""
        assert text_width("mm", 10) == pytest.approx(2 * text_width("m", 10))
        assert text_width("m", 20) == pytest.approx(2 * text_width("m", 10))

    @pytest.mark.parametrize("text", ["", " ", "é ç œ", "注文", "🛒", "a\tb"])
    def test_any_text(self, text):
        """Whatever a learner calls a service can be drawn."""
        assert len(text_path(text, 0, 0, 10).vertices) >= 1

    def test_fit(self):
        """Smaller first, then shortened in its middle; what fits is left alone."""
        assert fit("Stock", 200, 12, 9) == ("Stock", 12)
        text, size = fit("customer-profile-management-service", 90, 12, 9)
        assert size == 9
        assert "…" in text
        assert text_width(text, size) <= 91

    def test_shorten_keeps_both_ends(self):
        """The middle goes: names often differ at the end."""
        short = shorten("notifications.orders.dead", 90, 10)

        assert short[0] == "n"
        assert short[-1] == "d"

    def test_wrap(self):
        """Whole words, as many lines as allowed."""
        assert wrap("un deux trois", text_width("un deux", 10) + 1, 10) == ["un deux", "trois"]
        assert len(wrap("un deux trois quatre cinq", 40, 10)) == 2


class TestNumbers:
    @pytest.mark.parametrize(
        ("value", "said"),
        [
            (0, "0"), (0.01, "<\u202f0,1"), (0.4, "0,4"), (9.4, "9,4"), (9.97, "10"), (128, "128"),
            (1234, "1\u202f234"), (None, "–"),
        ],
    )  # fmt: skip
    def test_number(self, value, said):
        """Comma and thin space."""
        assert number(value) == said

    def test_others(self):
        """Durations, shares and plurals."""
        assert duration(0.0384) == "38\u202fms"
        assert percent(0.004) == "<\u202f1\u202f%"
        assert [plural(n, "message") for n in (0, 1, 2)] == [
            "0 message", "1 message", "2 messages",
        ]  # fmt: skip


class TestSentence:
    def test_lists_who_and_how(self):
        """Who is there, how they are, who calls whom, what is cut."""
        said = describe(payments_killed())

        assert "payments (en panne)" in said
        assert "orders → payments" in said
        assert said.endswith("Disjoncteurs ouverts\u00a0: orders → payments.")

    def test_no_figures(self):
        """Twice the traffic, an hour later: the same sentence."""
        graph = healthy()
        for _, _, edge in graph.edges(data=True):
            edge["rate"] = (edge.get("rate") or 0) * 2
        graph.graph.update(time=1_790_003_600, total_rate=256)

        assert describe(graph) == describe(healthy())

    def test_order_of_observation(self):
        """Edges seen in another order are told in the same one."""
        graph = healthy()
        shuffled = type(graph)(**graph.graph)
        shuffled.add_nodes_from(reversed(list(graph.nodes(data=True))))
        shuffled.add_edges_from(reversed(list(graph.edges(data=True))))

        assert describe(shuffled) == describe(graph)

    def test_nothing_observed(self):
        """Before any request: no call."""
        assert "Appels\u00a0: aucun." in describe(empty("auth"))


class TestTable:
    def test_counts(self):
        """A sentence of counts: services, those that died, calls, queues."""
        said = map_words(payments_killed()).sentence

        assert said == "Carte : 8 services dont 1 en panne, 9 appels de l’un à l’autre, 2 files."

    def test_a_row_an_arrow(self):
        """With the keys that are bound, and the breakers that are open."""
        rows = map_words(payments_killed()).rows

        bound = "liaison order.confirmed, order.rejected"
        assert ("shop.events", "échange", "sain", "notifications.orders", bound) in rows
        assert ("orders", "service", "dégradé", "payments", "appel, disjoncteur ouvert") in rows

    def test_alone(self):
        """Whoever talks to nobody is there too."""
        assert ("users", "service", "sain", "", "") in map_words(healthy()).rows

    def test_no_figures(self):
        """Other rates, the same words."""
        busy = healthy()
        for *_, edge in busy.edges(data=True):
            edge["rate"] = 12_345

        assert map_words(busy) == map_words(healthy())


def test_import_costs_nothing():
    """Importing the package loads no drawing library."""
    code = "import sys, workbook.views; print({'matplotlib', 'ipywidgets'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def _ink(label):
    """What the letters cover, without the plate's margin."""
    box = label.box
    return box._replace(width=box.width - 8, height=box.height - 3)


def _starts_in(label, box):
    ink = _ink(label)
    if label.plate or not label.text or label.text.startswith("×"):
        return False
    return box.left < ink.left < box.right and abs(ink.y - box.y) < 29


def _rgb(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
