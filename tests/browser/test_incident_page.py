"""The page of an incident in a real browser without a network: by mouse, keyboard, no script."""

import pytest

from tests.incident_tapes import BEGAN, KILLED, SECONDS, orders_dies
from workbook.incident import Incident
from workbook.incident.story import story_of

pytestmark = pytest.mark.needs("chromium")

WIDE, NARROW = {"width": 1200, "height": 1000}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def story():
    return story_of(orders_dies(), BEGAN + SECONDS)


@pytest.fixture(scope="module")
def file(story, tmp_path_factory):
    return Incident(story=story).save(tmp_path_factory.mktemp("incident") / "panne.html").as_uri()


@pytest.fixture
def opened(browser, file):
    """A page opened offline with these options; it may neither fail nor ask for anything."""
    contexts, wrong = [], []

    def open_page(**options):
        contexts.append(browser.new_context(offline=True, **options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("request", lambda asked: asked.url != file and wrong.append(asked.url))
        page.goto(file)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def test_by_keyboard(opened, story, screenshot):
    """From event to event with n, from moment to moment on the slider."""
    page = opened(viewport=WIDE)
    page.keyboard.press("n")
    screenshot(page, "incident-wide")

    assert "orders en panne" in page.locator(".now").text_content()
    assert "arrêté net (kill -9)" in page.locator(".map svg").text_content()
    assert "est tué" in page.locator("tr.current").first.text_content()

    page.locator("#moment").focus()
    page.keyboard.press("Home")
    assert page.locator("#moment").get_attribute("aria-valuetext") == "0\u00a0s sur 12\u00a0s"
    assert "orders en panne" not in page.locator(".now").text_content()


def test_back_and_forth_is_the_same(opened, story):
    """The map of a moment is the same from whichever side one comes."""
    page = opened(viewport=WIDE)
    at = story.frame_at(KILLED)

    def shown(frame):
        page.locator("#moment").fill(str(frame))
        return page.locator(".map svg > g").inner_html()

    assert shown(at) == [shown(len(story.graphs) - 1), shown(at)][1]
    assert shown(0) != shown(at)


def test_plays_to_the_end(opened, story):
    """Play, and the button says what it will do next."""
    page = opened(viewport=WIDE)
    page.locator("#moment").fill(str(len(story.graphs) - 3))
    page.locator("#play").click()
    ended = "moment => moment.value === moment.max"
    page.wait_for_function(ended, arg=page.locator("#moment").element_handle())

    page.get_by_role("button", name="Lire").wait_for()


def test_follows_a_request(opened):
    """One step after another, along the map."""
    page = opened(viewport=WIDE)
    page.locator("#request").select_option(index=1)
    assert page.locator("#told").text_content().startswith("1 sur 3\u00a0: client → gateway")

    page.locator("#step").click()
    assert page.locator("#told").text_content().startswith("2 sur 3\u00a0: gateway → orders")
    assert page.locator(".way.on").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_telephone(opened, screenshot, scheme):
    """Nothing is wider than the screen but the map, which scrolls to what an event is about."""
    page = opened(viewport=NARROW, color_scheme=scheme)
    page.keyboard.press("n")
    screenshot(page, f"incident-narrow-{scheme}")

    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    box = page.locator(".map").bounding_box()
    name = page.locator(".map tspan", has_text="arrêté net").bounding_box()
    assert box["x"] <= name["x"]
    assert name["x"] + name["width"] <= box["x"] + box["width"]


def test_without_script(opened, story):
    """The worst moment as a picture, the events as a table, and no dead button."""
    page = opened(viewport=NARROW, java_script_enabled=False)

    assert "orders en panne" in page.locator(".now").text_content()
    assert page.locator(".events tbody tr").count() == len(story.events)
    assert not page.locator("#play").is_visible()
