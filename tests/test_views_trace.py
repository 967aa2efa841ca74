"""One request as a waterfall and as a sequence: who caused what, across HTTP and the broker."""

import io
import re

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from PIL import Image
from traitlets.config import Config

from tests.views_spans import call, dead_service, message, order
from workbook.views import sequence, waterfall
from workbook.views.trace.sequence import _arrows
from workbook.views.trace.spans import outline, services_of, tree, walk

PNG = b"\x89PNG\r\n\x1a\n"
FIGURES = [waterfall, sequence]


@pytest.fixture
def shell():
    """What displays need; it keeps no history."""
    yield InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    InteractiveShell.clear_instance()


def _compared(words):
    """The words without what was measured."""
    assert 'class="measured"' in words.html()
    return re.sub(r'(<td class="measured"[^>]*>)[^<]*', r"\1", words.html())


class TestTree:
    def test_parents(self):
        """Every step hangs under the one that caused it, also across the broker."""
        (root,) = tree(order())

        last = list(walk([root]))[-1]
        assert (last.service, last.kind, last.depth) == ("notifications", "consumer", 5)
        assert services_of([root])[:3] == ["client", "gateway", "orders"]

    def test_unknown_parent(self):
        """A span whose parent never came is a root rather than lost."""
        assert len(tree(order()[1:])) == 1
        assert len(tree([order()[0], order()[-1]])) == 2

    def test_time_in_queue(self):
        """Waiting starts when the message was published."""
        consumer = list(walk(tree(order())))[-1]

        assert consumer.start - consumer.waiting_since == pytest.approx(0.022, abs=1e-4)

    def test_routes_hide_identifiers(self):
        """The server's route names the call; without it, what looks like an id is masked."""
        spans = {s.callee: s for s in walk(tree(order())) if s.kind == "client"}
        lonely = call(1, None, "client", "orders", "GET /orders/4b3f0c1e-8f7a-4c39-9d5a", "", 0, 5)

        assert spans["inventory"].route == "PUT /reservations/{order_id}"
        assert tree(lonely[:1])[0].route == "GET /orders/{id}"


class TestWords:
    @pytest.mark.parametrize("figure", FIGURES)
    def test_deterministic(self, figure):
        """Another hour, other identifiers, other durations: the same words."""
        later = [
            {
                **line,
                "span_id": f"f{line['span_id'][1:]}",
                "parent_id": line["parent_id"] and f"f{line['parent_id'][1:]}",
                "start": line["start"] + 3600,
                "duration": line["duration"] * 1.0001,
            }
            for line in order()
        ]

        assert repr(figure(later)) == repr(figure(order()))
        assert _compared(figure(later).words) == _compared(figure(order()).words)

    def test_outline(self):
        """Calls nest, statuses are said, messages come after."""
        assert outline(tree(order())).splitlines() == [
            "client → gateway : POST /orders 201",
            "  gateway → orders : POST /orders 201",
            "    orders → products : GET /products/{sku} 200",
            "    orders → inventory : PUT /reservations/{order_id} 201",
            "    orders → payments : PUT /charges/{order_id} 201",
            "    orders publie order.confirmed",
            "      notifications reçoit order.confirmed",
        ]

    def test_racing_consumers(self):
        """Two consumers of one event may finish in any order; the words do not say which."""
        first = message(1, None, "orders", "notifications", "order.created", 0, 5, 4)
        slow, quick = [{**first[1], "span_id": "a" * 16}, {**first[1], "span_id": "b" * 16}]
        slow, quick = {**slow, "service": "payments"}, {**quick, "start": quick["start"] - 0.003}

        assert repr(sequence([first[0], slow, quick])) == repr(
            sequence([first[0], {**slow, "start": slow["start"] - 0.004}, quick])
        )

    def test_no_answer(self):
        """A dead callee is on the picture although it said nothing."""
        assert "gateway → orders : POST /orders sans réponse" in repr(waterfall(dead_service()))


class TestSequence:
    def test_messages_in_order(self):
        """Call and answer around what happened meanwhile; publication before delivery."""
        messages = sorted(_arrows(tree(order())), key=lambda m: m.time)

        told = [(m.source, m.target, m.kind) for m in messages]
        assert told[0] == ("client", "gateway", "call")
        assert told[2:4] == [("orders", "products", "call"), ("products", "orders", "answer")]
        assert told[-1] == ("RabbitMQ", "notifications", "deliver")
        assert ("orders", "RabbitMQ", "publish") in told

    def test_caller_outside_the_trace(self):
        """A request that came from elsewhere came from a client."""
        messages = list(_arrows(tree(order()[1:2])))

        assert (messages[0].source, messages[0].target) == ("client", "gateway")

    def test_refusals_stand_out(self):
        """An answer of 4xx or 5xx, and no answer at all, are marked."""
        wrong = {m.words.split(" ·")[0] for m in _arrows(tree(dead_service())) if m.wrong}

        assert wrong == {"503", "aucune réponse"}

    def test_long_trace_is_cut(self):
        """Past what can be read, the rest is counted."""
        spans = [
            line
            for i in range(60)
            for line in call(2 * i + 1, None, "client", "products", "GET /p", "/p", i, 0.5)
        ]

        assert sequence(spans).png.startswith(PNG)


class TestPicture:
    @pytest.mark.parametrize("figure", FIGURES)
    def test_words_follow_the_picture(self, figure, shell):
        """Two outputs: the picture, at half its pixels, then its words and its data."""
        with capture_output() as shown:
            figure(order()).show()

        picture, words = shown.outputs
        assert set(picture.data) == {"text/plain", "image/png"}
        assert 700 < picture.metadata["image/png"]["width"] < 1300
        assert set(words.data) == {"text/plain", "text/html"}
        assert words.data["text/plain"] == picture.metadata["image/png"]["alt"]
        assert "<details><summary" in words.data["text/html"]

    def test_table_of_steps(self):
        """Every step, numbered below the one that caused it."""
        rows = [row[:5] for row in waterfall(order()).words.rows]

        assert rows[0] == ("1", "client", "gateway", "POST /orders", "201")
        assert rows[4] == ("1.1.3", "orders", "payments", "PUT /charges/{order_id}", "201")
        assert rows[5] == ("1.1.4", "orders", "RabbitMQ", "order.confirmed", "fait")
        assert rows[6] == ("1.1.4.1", "RabbitMQ", "notifications", "order.confirmed", "fait")

    @pytest.mark.parametrize("figure", FIGURES)
    def test_ground_is_exact(self, figure):
        """However many services, the page keeps the colour of the other pictures."""
        with Image.open(io.BytesIO(figure(order()).png)) as image:
            assert image.convert("RGB").getpixel((3, 3)) == (0xF7, 0xF9, 0xFB)

    @pytest.mark.parametrize("figure", FIGURES)
    def test_errors_show(self, figure):
        """A failure changes the picture."""
        assert figure(order()).png != figure(order(charge_status=503)).png

    @pytest.mark.parametrize("figure", FIGURES)
    def test_nothing_to_show(self, figure):
        """An unknown trace says what to do instead of failing."""
        picture = figure([])

        assert "shop.get" in repr(picture)
        assert picture.png.startswith(PNG)

    @pytest.mark.parametrize("figure", FIGURES)
    def test_instant(self, figure):
        """A single step without any duration can be drawn."""
        line = {**order()[1], "duration": 0.0, "parent_id": None}

        assert figure([line], "dark").png.startswith(PNG)

    def test_only_internal(self):
        """A trace without any exchange has no sequence, and says so."""
        line = {**order()[1], "span_kind": "internal", "parent_id": None}

        assert "Aucun échange" in repr(sequence([line]))
        assert "Trace" in repr(waterfall([line]))
