"""Chapter 00 as a learner meets it: JupyterLab in a browser, every cell run, a service killed."""

import pytest
from conftest import until

from workbook.views.theme import LIGHT

pytestmark = pytest.mark.needs("chromium", "rabbitmq")

CHAPTER = "notebooks/00_bienvenue.ipynb"
RUNS_WITHIN = 90  # seconds, the broker's cold start included
SHOWS_WITHIN = 20
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

# The picture's width, how many colours it has, and how much of it is the card of a dead service.
LOOK = """async (image, colour) => {
  await image.decode();
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
    page.goto(lab.tree(CHAPTER))
    until(lambda: page.evaluate(CODE_CELLS), SHOWS_WITHIN, "the notebook is open")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    until(lambda: finished(page), RUNS_WITHIN, "every cell has run")
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
        until(
            lambda: look(picture)["dead"] > before + SEEN, SHOWS_WITHIN, "a dead service on the map"
        )
        screenshot(chapter, "map-after-kill")
        assert "tué" in chapter.get_by_role("status").first.inner_text()
