"""Chapter 00 as a learner meets it: JupyterLab in a browser, every cell run, a service killed."""

import shutil
from itertools import pairwise

import pytest
import reading
from basics import eventually

from workbook.views.canvas.theme import LIGHT

pytestmark = [pytest.mark.needs("chromium", "rabbitmq"), pytest.mark.timeout(600)]

CHAPTER = "notebooks/00_bienvenue.ipynb"
RUNS_WITHIN = 240  # seconds, the broker’s cold start included, on a machine with other work
SHOWS_WITHIN = 60
SEEN = 0.003  # of the picture; a card is 1 %
VICTIM = "(inventory)"

CODE_CELLS = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  const cells = panel?.content?.model?.cells;
  if (!cells || !panel.sessionContext.isReady) return [];
  return [...cells].map(cell => cell.toJSON()).filter(cell => cell.cell_type === "code");
}"""

SCROLL_TO_MAP = """() => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  const shows = cell => JSON.stringify(cell.toJSON().outputs ?? "").includes("widget-view");
  return notebook.scrollToItem([...notebook.model.cells].findIndex(shows), "start");
}"""

# A frame may replace the one that is being decoded: then the next one is read.
# The picture's width, how many colours it has, and how much of it is the card of a dead service.
LOOK = """async (image, colour) => {
  for (let tries = 1; ; tries += 1) {
    try {
      await image.decode();
      break;
    } catch (replaced) {
      if (tries === 20) throw replaced;
      await new Promise(requestAnimationFrame);
    }
  }
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let dead = 0;
  for (let i = 0; i < data.length; i += 4) {
    const pixel = data[i] << 16 | data[i + 1] << 8 | data[i + 2];
    colours.add(pixel);
    dead += pixel === colour;
  }
  return {width: canvas.width, colours: colours.size, dead: dead / (data.length / 4)};
}"""


@pytest.fixture(scope="module")
def chapter(lab, browser):
    """The page, once every cell of the chapter has run."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(RUNS_WITHIN * 1000)
    page.goto(lab.tree(CHAPTER))
    eventually(lambda: page.evaluate(CODE_CELLS), SHOWS_WITHIN, "the notebook is open")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    eventually(lambda: finished(page), RUNS_WITHIN, "every cell has run")
    page.evaluate(SCROLL_TO_MAP)
    yield page
    page.close()


def look(picture):
    """What a learner's eye takes from the map."""
    return picture.evaluate(LOOK, int(LIGHT.down_fill.removeprefix("#"), 16))


def finished(page):
    """Every cell has run, or the one that failed has kept the others from it."""
    cells = page.evaluate(CODE_CELLS)
    return all(cell["execution_count"] for cell in cells) or errors(cells)


def spoken(page):
    """What follows each picture, once every one is followed by its words: they come after it."""
    words = page.evaluate(reading.SPOKEN)
    return words if all(words) else []


def errors(cells):
    """Tracebacks and standard error, whatever their cell."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    return [
        output
        for output in outputs
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]


class TestChapter:
    def test_runs_without_an_error(self, chapter, screenshot):
        """A learner who runs everything sees no traceback, and nothing on standard error."""
        cells = chapter.evaluate(CODE_CELLS)
        screenshot(chapter, "chapter-00")

        assert errors(cells) == []
        assert all(cell["execution_count"] for cell in cells)

    def test_asks_nothing(self, chapter):
        """Neither JupyterLab's news nor any other dialogue stands before the lesson."""
        assert chapter.locator(".jp-Dialog").count() == 0
        assert chapter.locator(".jp-toastContainer .Toastify__toast").count() == 0


class TestMap:
    @pytest.fixture
    def picture(self, chapter):
        return chapter.locator("img.widget-image").first

    def test_is_drawn(self, picture, screenshot):
        """The map is a real picture, as wide as the notebook."""
        picture.wait_for(state="visible", timeout=SHOWS_WITHIN * 1000)
        seen = look(picture)
        screenshot(picture, "map")

        assert seen["width"] >= 600
        assert seen["colours"] > 100

    def test_turns_red_after_a_kill(self, chapter, picture, screenshot):
        """Killed by the map's own button, a service stays on the map and turns red."""
        before = look(picture)["dead"]
        services = chapter.locator(".widget-dropdown select").first
        services.select_option(services.locator("option", has_text=VICTIM).inner_text())
        chapter.get_by_role("button", name="Tuer").first.click()
        eventually(
            lambda: look(picture)["dead"] > before + SEEN, SHOWS_WITHIN, "a dead service on the map"
        )
        screenshot(chapter, "map-after-kill")
        assert "tué" in chapter.get_by_role("status").first.inner_text()


class TestReading:
    """Who does not see, or does not use a mouse, gets the chapter as well."""

    @pytest.fixture(autouse=True)
    def whole(self, chapter):
        """Every cell in the page at once."""
        chapter.evaluate(reading.SHOW_ALL)
        eventually(lambda: len(spoken(chapter)) >= 5, SHOWS_WITHIN, "all pictures, and their words")

    def test_pictures_speak(self, chapter):
        """Map, sequence, waterfall, map again, the course's graph: words come after each."""
        assert chapter.evaluate(reading.MUTE) == []

    def test_headings_are_in_order(self, chapter):
        """One title; no level is skipped, cards included."""
        levels = [level for level, _ in chapter.evaluate(reading.HEADINGS)]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_contents_lead_to_their_sections(self, chapter):
        """A click in the first cell brings a section of the end into the window."""
        section = "Par où continuer"
        shown = chapter.locator(".jp-Notebook h2", has_text=section).first
        link = chapter.locator(".jp-Notebook li a", has_text=section)
        link.scroll_into_view_if_needed()
        hidden = shown.bounding_box()["y"]
        link.click()

        assert hidden > chapter.viewport_size["height"]
        eventually(
            lambda: 0 <= shown.bounding_box()["y"] < chapter.viewport_size["height"],
            SHOWS_WITHIN,
            "the section is in the window",
        )

    def test_verdict_is_announced(self, chapter):
        """The card is a live region, and its title a heading."""
        card = chapter.get_by_role("group", name="Vérification").first

        assert card.locator("[aria-live]").count() == 1
        assert "À faire" in card.get_by_role("heading").inner_text()

    def test_keyboard_reaches_everything(self, chapter):
        """Tab walks the map's controls in their order, then the words under the map."""
        map = chapter.locator(".workbook-map").first
        controls = map.locator("select, button, [role=slider]")
        names = controls.evaluate_all("all => all.map(one => one.textContent.trim())")
        controls.first.focus()
        walked = [chapter.evaluate(reading.FOCUSED)]
        while walked[-1]["tag"] != "SUMMARY" and len(walked) < 2 * len(names):
            chapter.keyboard.press("Tab")
            walked.append(chapter.evaluate(reading.FOCUSED))

        assert [step["name"] for step in walked if step["tag"] == "BUTTON"] == [
            name for name in names[1:] if name
        ]
        assert walked[-1]["tag"] == "SUMMARY"
        assert [step for step in walked if not step["visible"]] == []

    def test_words_open_by_key(self, chapter):
        """Enter unfolds the data of a picture."""
        folded = chapter.locator(".workbook-words details").first
        folded.locator("summary").focus()
        chapter.keyboard.press("Enter")

        assert folded.evaluate("details => details.open")
        assert "Élément" in folded.inner_text()

    @pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
    def test_contrast(self, chapter, theme, screenshot):
        """Text keeps 4.5 to 1 with what is behind it."""
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        chapter.evaluate(change, theme)
        chapter.locator(f'body[data-jp-theme-name="{theme}"]').wait_for(state="attached")
        screenshot(chapter, theme)

        assert chapter.evaluate(reading.COUNT_TEXTS) > 5
        assert chapter.evaluate(reading.FAINT) == []

    def test_map_opens_large(self, chapter, screenshot):
        """In a narrow window, one click shows the map as wide as a tab, still alive."""
        chapter.set_viewport_size({"width": 900, "height": 900})
        chapter.evaluate(SCROLL_TO_MAP)
        screenshot(chapter, "chapter-00-narrow")
        with chapter.expect_popup() as opened:
            chapter.get_by_role("button", name="Ouvrir en grand").first.click()
        large = opened.value.locator("img")
        first = large.get_attribute("src")
        eventually(lambda: large.get_attribute("src") != first, SHOWS_WITHIN, "the next frame")
        screenshot(opened.value, "map-large")

        assert large.bounding_box()["width"] > 880
        assert large.get_attribute("alt").startswith("Carte.")


class TestNotebook7:
    def test_runs_the_chapter(self, course, lab, page, screenshot):
        """The plainer interface, the same server: map, words and card show there as well.

        A copy of its own: the page of Lab may be saving the other one while this one reads.
        """
        copy = f"{CHAPTER.removesuffix('.ipynb')}_bis.ipynb"
        shutil.copy(course / CHAPTER, course / copy)
        page.set_default_timeout(RUNS_WITHIN * 1000)
        page.goto(f"{lab.url}notebooks/{copy}?token={lab.token}")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        # Cells that are run before the kernel is there are left as they are.
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(state="attached")
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        page.get_by_role("button", name="Ouvrir en grand").first.wait_for()
        card = page.get_by_role("group", name="Vérification")
        card.first.wait_for(state="attached")
        screenshot(page, "notebook-7")

        # A picture may have come a moment before its words.
        eventually(lambda: page.evaluate(reading.MUTE) == [], SHOWS_WITHIN, "every picture speaks")
        assert "À faire" in card.get_by_role("heading").first.text_content()
