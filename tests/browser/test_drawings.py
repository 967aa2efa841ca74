"""The chapters' Mermaid diagrams in JupyterLab, in a narrow window: letters one can read."""

import json

import pytest
import reading
import zoo
from basics import eventually

from workbook.diagrams import FENCE
from workbook.editions import sources

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(600)]

DRAWN_WITHIN = 120  # seconds, on a machine with other work
SMALLEST = 10  # pixels
NARROW = {"width": 900, "height": 1000}

OPEN = "() => window.jupyterapp?.shell.currentWidget?.content?.model?.cells?.length > 1"
# How high the letters of each diagram are: Lab draws it, then shrinks it to the column.
LETTERS = """() => [...document.querySelectorAll(".jp-Notebook .jp-RenderedMarkdown img")]
  .filter(image => image.clientWidth)
  .map(image => {
    const drawn = decodeURIComponent(image.src.slice(image.src.indexOf(",") + 1));
    const svg = new DOMParser().parseFromString(drawn, "image/svg+xml").documentElement;
    const size = parseFloat(/font-size:\\s*([\\d.]+)px/.exec(drawn)[1]);
    return size * image.clientWidth / svg.viewBox.baseVal.width;
  })"""


@pytest.fixture(scope="module")
def diagrams(course):
    """Every diagram of the course in one notebook; the chapters they come from."""
    found = [
        (source.key, f"```mermaid\n{fence}```")
        for source in sources(zoo.ROOT)
        for cell in source.cells
        for fence in FENCE.findall(f"{cell.text}\n")
    ]
    cells = [
        {"cell_type": "markdown", "id": f"drawing-{n}", "metadata": {}, "source": text}
        for n, (_, text) in enumerate(found)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}}
    path = course / "notebooks" / "dessins.ipynb"
    path.write_text(json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")
    return [key for key, _ in found]


def test_letters_can_be_read(lab, browser, diagrams):
    """Beside its column of 900 pixels, no diagram of a chapter becomes a stamp."""
    page = browser.new_page(viewport=NARROW)
    page.set_default_timeout(DRAWN_WITHIN * 1000)
    page.goto(lab.tree("notebooks/dessins.ipynb"))
    eventually(lambda: page.evaluate(OPEN), DRAWN_WITHIN, "the notebook is open")
    page.evaluate("() => window.jupyterapp.shell.collapseLeft()")
    page.evaluate(reading.SHOW_ALL)
    eventually(
        lambda: len(page.evaluate(LETTERS)) == len(diagrams), DRAWN_WITHIN, "all of them are drawn"
    )
    letters = page.evaluate(LETTERS)
    page.close()

    small = [
        (key, round(px, 1)) for key, px in zip(diagrams, letters, strict=True) if px < SMALLEST
    ]
    assert small == []
