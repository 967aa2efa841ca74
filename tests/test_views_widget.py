"""The live map: it follows by itself, acts on the shop, and stops when the shop does."""

import base64
import json
import threading
from io import BytesIO
from itertools import count

import nbformat
import pytest
import zoo
from basics import eventually
from nbclient import NotebookClient
from PIL import Image

from tests.views_bench import Bench
from tests.views_graphs import empty, healthy, payments_killed
from workbook.views import LiveMap
from workbook.views.map.overlay import overlay_svg
from workbook.views.map.sentence import describe, map_words

WIDGET = "application/vnd.jupyter.widget-view+json"


class Refusing(Bench):
    def kill(self, name):
        raise ValueError(f"« {name} » ne tourne pas.")

    def start_traffic(self, rate):
        raise ValueError("La passerelle n’est pas démarrée.")

    slow = kill


def corner(png):
    """The colour of the ground."""
    return Image.open(BytesIO(png)).convert("RGB").getpixel((1, 1))


def map_threads():
    return [t for t in threading.enumerate() if t.name == "live-map"]


@pytest.fixture
def bench():
    return Bench()


@pytest.fixture
def live(bench):
    shown = LiveMap(bench.look, bench)
    yield shown
    bench.closed = True
    shown.close()
    assert map_threads() == []


class TestFollowing:
    def test_bundle(self, live, bench):
        """A widget where there is one, a picture where there is none, words for both."""
        bundle = live._repr_mimebundle_()

        assert set(bundle) == {WIDGET, "image/png", "text/plain"}
        assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
        assert bundle["text/plain"] == describe(bench.graph)

    def test_displayed_again_shows_the_present(self, live, bench):
        """A second `shop.map()` does not wait for the next second either."""
        live._repr_mimebundle_()
        bench.graph.nodes["orders"]["health"] = "down"

        assert live._repr_mimebundle_()["text/plain"] == describe(bench.graph)

    def test_notify_draws_now(self, live, bench):
        """A kill is on the map without waiting for the next second."""
        live._repr_mimebundle_()
        before = live._image.value
        bench.graph = payments_killed()
        live.notify()

        eventually(lambda: live._image.value != before)

    def test_follows_by_itself(self, live, bench):
        """Nobody calls anything: the map changes."""
        live._repr_mimebundle_()
        bench.graph = payments_killed()

        eventually(lambda: "payments (en panne)" in live._overlay.value)

    def test_one_thread(self, live):
        """Showing the map again starts nothing more."""
        for _ in range(3):
            live._repr_mimebundle_()

        assert len(map_threads()) == 1

    def test_not_shown_does_nothing(self, live):
        """A map nobody displays costs nothing."""
        assert map_threads() == []

    def test_closed_shop_ends_it(self, live, bench):
        """The shop is closed: the thread goes."""
        live._repr_mimebundle_()
        bench.closed = True
        live.notify()

        eventually(lambda: map_threads() == [])

    def test_closed_widget_ends_it(self, live):
        """So does taking the widget away; showing it again starts nothing."""
        live._repr_mimebundle_()
        live.close()
        live._ipython_display_()

        assert map_threads() == []

    def test_freeze_shows_the_last_state(self, live, bench):
        """The last state stays, and nothing follows any more."""
        live._repr_mimebundle_()
        bench.graph = payments_killed()
        live.freeze()

        assert "payments (en panne)" in live._overlay.value
        assert map_threads() == []

    def test_survives_a_failing_source(self, bench):
        """A shop that cannot be looked at for a moment is looked at again."""
        failures = count()

        def look():
            if next(failures) == 2:
                raise OSError("Le broker ne répond pas.")
            return bench.look()

        live = LiveMap(look, bench)
        live._repr_mimebundle_()
        eventually(lambda: "ne répond pas" in live._panel.status.value)
        looks = bench.looks
        live.notify()

        eventually(lambda: bench.looks > looks)
        live.close()


class TestOverlay:
    def test_requests_move(self, live):
        """Dots move along the calls; readers who want less motion see none."""
        svg = live._overlay.value

        assert "animateMotion" in svg
        assert "prefers-reduced-motion" in svg

    def test_replaced_only_when_it_changes(self, live, bench):
        """The same traffic a second later leaves the dots alone."""
        before = live._overlay.value
        bench.graph.graph["time"] += 1
        bench.graph.nodes["orders"]["p95"] = 0.021
        live.refresh()

        assert live._overlay.value is before

    def test_escaped(self, live, bench):
        """A service's name is text, whatever it contains."""
        bench.graph.add_node("<b>", kind="service", name='<b a="', label="<b>", health="ok")
        live.refresh()

        assert "<b " not in live._overlay.value
        assert "<b>" not in overlay_svg(live._drawing, describe(bench.graph))


class TestTheme:
    def test_is_worn_on_screen_and_not_kept(self, live):
        """The dark page gets a dark map; what is saved or printed stays light."""
        light, kept = live._image.value, live.png()

        live.wear("dark")

        assert live._image.value != light
        assert corner(live.png()) == corner(kept) != corner(live._image.value)


class TestSaved:
    def test_keeps_the_picture_alone(self, live, tmp_path):
        """Reopened without its kernel, the notebook shows the map, no widget that is not there."""
        from jupyter_server.services.contents.filemanager import FileContentsManager

        data = {
            WIDGET: {"model_id": live.model_id},
            "text/plain": "La boutique",
            "image/png": base64.b64encode(live.png()).decode(),
        }
        shown = nbformat.v4.new_output("display_data", data)
        other = nbformat.v4.new_output("display_data", {WIDGET: {"model_id": "1"}})
        cell = nbformat.v4.new_code_cell("shop.map()", outputs=[shown, other])
        manager = FileContentsManager(
            root_dir=str(tmp_path), pre_save_hook="workbook.views.map.saved.keep_pictures"
        )
        model = {"type": "notebook", "content": nbformat.v4.new_notebook(cells=[cell])}
        manager.save(model, "carte.ipynb")

        outputs = nbformat.read(tmp_path / "carte.ipynb", 4).cells[0].outputs
        assert set(outputs[0].data) == {"text/plain", "image/png"}
        assert WIDGET in outputs[1].data


class TestControls:
    def test_offers_the_services(self, live, bench):
        """Every service, by title and name; neither clients nor queues."""
        names = [name for _, name in live._panel._service.options]

        assert names[:2] == ["gateway", "auth"]
        assert "client" not in names

    @pytest.mark.parametrize(
        ("button", "asked"),
        [
            ("Tuer (kill -9)", ("kill", "gateway")),
            ("Redémarrer", ("restart", "gateway")),
            ("+", ("scale", "gateway", 2)),
            ("−", ("scale", "gateway", 1)),
        ],
    )
    def test_buttons(self, live, bench, button, asked):
        """Each button does one thing to the chosen service, and says it did."""
        _find(live, button).click()

        assert bench.asked == [asked]
        assert "gateway" in live._panel.status.value

    def test_switches(self, live, bench):
        """Slow and freeze are switched on and off, service by service."""
        panel = live._panel
        panel._slow.value = True
        panel._service.value = "orders"

        assert panel._slow.value is False
        panel._service.value = "gateway"
        assert panel._slow.value is True
        panel._slow.value = False
        panel._pause.value = True
        assert bench.asked == [
            ("slow", "gateway", 0.5),
            ("slow", "gateway", 0),
            ("pause", "gateway"),
        ]

    def test_restart_clears_switches(self, live, bench):
        """A new process is neither slow nor frozen."""
        live._panel._slow.value = True
        _find(live, "Redémarrer").click()

        assert live._panel._slow.value is False
        assert [a for a, *_ in bench.asked] == ["slow", "restart"]

    def test_traffic(self, live, bench):
        """On, faster, off."""
        panel = live._panel
        panel._traffic.value = True
        panel._rate.value = 20
        panel._traffic.value = False

        assert bench.asked == [("start_traffic", 5), ("start_traffic", 20), ("stop_traffic",)]

    def test_rate_without_traffic(self, live, bench):
        """Moving the slider alone sends nothing."""
        live._panel._rate.value = 20

        assert bench.asked == []

    def test_choice_survives_new_services(self, live, bench):
        """A learner's new service does not change what the buttons act on."""
        live._panel._service.value = "orders"
        bench.graph.add_node("reports", kind="service", name="reports", label="reports")
        live.refresh()

        assert live._panel._service.value == "orders"

    def test_describe(self, live):
        """The state of this moment, in words, read out."""
        _find(live, "Décrire").click()

        assert live._panel.status.value.startswith('<div role="status">')
        assert "8 services" in live._panel.status.value

    def test_switch_says_it_is_on(self, live):
        """In words: a colour is not seen by all."""
        live._panel._slow.value = True

        assert live._panel._slow.description == "✓ Ralentir"

    def test_no_service(self):
        """An empty shop: a sentence, no error."""
        bench = Bench()
        bench.graph = empty(client=False)
        live = LiveMap(bench.look, bench)

        _find(live, "Tuer (kill -9)").click()

        assert "Aucun service" in live._panel.status.value


class TestRefusals:
    @pytest.fixture
    def bench(self):
        return Refusing()

    def test_said_in_the_status_line(self, live):
        """What an action refuses is said, never raised."""
        _find(live, "Tuer (kill -9)").click()

        assert "ne tourne pas" in live._panel.status.value
        assert 'role="alert"' in live._panel.status.value

    def test_switch_goes_back(self, live):
        """A switch shows what is, not what was wished."""
        live._panel._slow.value = True

        assert live._panel._slow.value is False

    def test_traffic_goes_back(self, live):
        """No traffic, no pressed button."""
        live._panel._traffic.value = True

        assert live._panel._traffic.value is False
        assert "passerelle" in live._panel.status.value


CELLS = [
    "from tests.views_bench import Bench\n"
    "from tests.views_graphs import payments_killed\n"
    "from workbook.views import LiveMap\n"
    "bench = Bench()\n"
    "live = LiveMap(bench.look, bench)\n"
    "live",
    "bench.graph = payments_killed()\nbench.closed = True\nlive.freeze()",
    "import threading\nprint([t.name for t in threading.enumerate() if t.name == 'live-map'])",
]


@pytest.fixture(scope="module")
def outputs(request):
    """The cells, run in a real kernel without any front end."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": request.config.rootpath}}
    options = {"kernel_name": "python3", "resources": resources, "config": zoo.over_files_config()}
    NotebookClient(notebook, timeout=60, **options).execute()
    return [cell.outputs for cell in notebook.cells]


class TestNotebook:
    def test_words_of_display_time(self, outputs):
        """What nbval compares is what was shown, even once the picture has moved on."""
        shown, words = outputs[0]

        assert shown.data["text/plain"] == describe(healthy())
        assert words.data["text/html"] == map_words(healthy()).html()

    def test_saved_picture_is_the_last(self, outputs):
        """The notebook keeps the state the shop was left in."""
        saved = base64.b64decode(outputs[0][0].data["image/png"])
        bench = Bench()
        live = LiveMap(bench.look, bench)
        before = live.png()
        bench.graph = payments_killed()
        live.refresh()

        assert saved == live.png() != before

    def test_nothing_left(self, outputs):
        """No thread, no error."""
        assert json.dumps(outputs[1]) == "[]"
        assert outputs[2][0].text == "[]\n"


def _find(live, words):
    boxes = [live._panel.bar]
    for box in boxes:
        boxes += [child for child in box.children if hasattr(child, "children")]
    buttons = [child for box in boxes for child in box.children]
    return next(b for b in buttons if getattr(b, "description", "") == words)
