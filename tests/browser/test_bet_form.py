"""Bets in a real browser: by mouse, by keyboard, missed, too late; and what the notebook keeps."""

import json

import pytest
import reading
from basics import eventually

from workbook.bets.collect import collect

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.timeout(600)]

FORM = ".workbook-bet"
SHOWS_WITHIN = 120  # seconds, on a machine with other work
# What chapter 07 would measure, without its shop.
CELLS = [
    "from workbook import bet, progress, settle",
    'bet("ch07.survivors")',
    'settle("ch07.survivors", 5)',
    'bet("ch07.answer")',
    'settle("ch07.answer", 2)',
    'bet("ch07.losses")',
    'settle("ch07.losses", [3, 1, 2])',
    'bet("ch07.unread")',
    'settle("ch07.unread", 179)',
    "progress()",
    """from workbook import show
show.trials(
    lambda number, option: (number // 10,),
    show.slider("Lenteur, en ms", low=0, high=1000, step=50, value=100),
    show.options("Règle", ["à tour de rôle", "la moins occupée"]),
    ("lenteur (ms)", "règle", "demandes à la lente"),
)""",
]
TRIALS = len(CELLS) - 1
RUN = """async index => {
  const panel = window.jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = index;
  await window.jupyterapp.commands.execute("notebook:run-cell");
}"""
READY = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.content?.model?.cells?.length > 1 && panel.sessionContext.isReady
    && panel.sessionContext.session?.kernel?.status === "idle";
}"""
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"


@pytest.fixture(scope="module")
def notebook(course):
    """Questions and measures of chapter 07, in the order of its text."""
    made = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**made, "id": f"cell-{n}", "source": text} for n, text in enumerate(CELLS)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": cells, "metadata": {"kernelspec": kernel}}
    path = course / "notebooks" / "paris.ipynb"
    path.write_text(json.dumps(content | {"nbformat": 4, "nbformat_minor": 5}))
    return path


@pytest.fixture(scope="module")
def opened(lab, browser, notebook):
    page = browser.new_page(viewport={"width": 1200, "height": 1000})
    page.set_default_timeout(SHOWS_WITHIN * 1000)
    page.goto(lab.tree(f"notebooks/{notebook.name}"))
    eventually(lambda: page.evaluate(READY), SHOWS_WITHIN, "the notebook is open")
    page.evaluate(reading.SHOW_ALL)
    page.evaluate(RUN, 0)
    yield page
    page.close()


def cell(page, index):
    return page.locator(".jp-Notebook .jp-CodeCell").nth(index)


def run(page, index, words):
    """Run a cell, until its outputs say so."""
    page.evaluate(RUN, index)
    cell(page, index).get_by_text(words).first.wait_for()
    return cell(page, index)


def walk_to(page, name, most=12):
    """Press Tab until what has the focus is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(reading.FOCUSED)
        if name in focused["name"]:
            return focused
    raise AssertionError(f"Tab never reaches {name}")


class TestBet:
    def test_by_mouse(self, opened, screenshot):
        """A word is refused and explained, one may change one's mind, the measure closes it."""
        form = run(opened, 1, "Parier")
        form.get_by_label("Votre pari, un nombre").fill("beaucoup")
        form.get_by_role("button", name="certain").click()
        form.get_by_role("button", name="Parier").click()
        form.get_by_role("alert").get_by_text("n’est pas un nombre").wait_for()
        screenshot(form, "bet-refused")
        form.get_by_label("Votre pari, un nombre").fill("2 commandes")
        form.get_by_role("button", name="Parier").click()
        form.get_by_text("Votre pari : 2 commandes · certain").wait_for()
        form.get_by_label("Votre pari, un nombre").fill("3")
        form.get_by_role("button", name="Changer mon pari").click()
        form.get_by_text("Votre pari : 3 commandes · certain").wait_for()
        screenshot(form, "bet-number")

        settled = run(opened, 2, "mesuré ici : 5 commandes")
        settled.get_by_label("Pourquoi cet écart").fill("je croyais que tout s’arrêtait")
        settled.get_by_role("button", name="Noter").click()
        settled.get_by_text("C’est noté").wait_for()
        screenshot(settled, "bet-settled")

        assert form.get_by_text("est scellé").is_visible()
        assert form.locator(FORM).count() == 0

    def test_by_keyboard(self, opened, screenshot):
        """Tab and space are enough, and the focus is seen at each step."""
        form = run(opened, 3, "Parier")
        form.get_by_role("button").first.focus()
        walk = []
        for name in ("avant que la carte", "plutôt", "Parier"):
            walk.append(walk_to(opened, name))
            opened.keyboard.press("Space")
        form.get_by_text("avant que la carte soit débitée » · plutôt").wait_for()
        screenshot(form, "bet-choice")

        assert all(step["visible"] for step in walk)
        assert run(opened, 4, "Bien vu.").get_by_label("Qu’est-ce qui vous").is_visible()

    def test_an_order(self, opened, screenshot):
        """Pressed one after the other; one that is forgotten is asked for."""
        form = run(opened, 5, "Parier")
        for name in ("sur disque, sans", "en mémoire", "au hasard", "Parier"):
            form.get_by_role("button", name=name).click()
        form.get_by_role("alert").get_by_text("Chaque réponse une fois").wait_for()
        for name in ("sur disque, confirmé", "Parier"):
            form.get_by_role("button", name=name).click()
        form.get_by_text("· au hasard").wait_for()
        screenshot(form, "bet-order")

        screenshot(run(opened, 6, "ne pas savoir"), "bet-order-settled")

    def test_too_late(self, opened, screenshot):
        """Passed by: said once, and no form is offered any more."""
        run(opened, 8, "Vous n’avez pas parié")
        run(opened, 8, "Mesure faite, sans pari.")
        late = run(opened, 7, "sans pari")

        assert late.locator(FORM).count() == 0
        screenshot(run(opened, 9, "Certain et faux"), "bet-progress")


class TestTrials:
    def test_by_keyboard(self, opened, screenshot):
        """A number is typed, a rule pressed, the measure made: the table has one row more."""
        form = run(opened, TRIALS, "Mesurer")
        form.locator(".widget-readout").focus()
        opened.keyboard.press("Control+A")
        opened.keyboard.type("250")
        opened.keyboard.press("Enter")
        walk = []
        for name in ("la moins occupée", "Mesurer"):
            walk.append(walk_to(opened, name))
            opened.keyboard.press("Space")
        form.get_by_text("C’est la dernière ligne").wait_for()
        last = form.locator("tbody tr").nth(1)
        last.wait_for()
        screenshot(form, "trials")

        assert all(step["visible"] for step in walk)
        assert last.locator("th, td").all_inner_texts() == ["250", "la moins occupée", "25"]


class TestPage:
    """After all of them: what a reader hears, and what an instructor collects."""

    def test_pictures_speak(self, opened):
        eventually(lambda: opened.evaluate(reading.MUTE) == [], SHOWS_WITHIN, "words after each")
        assert len(opened.evaluate(reading.SPOKEN)) == 4

    @pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
    def test_contrast(self, opened, theme, screenshot):
        change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
        opened.evaluate(change, theme)
        opened.locator(f'body[data-jp-theme-name="{theme}"]').wait_for(state="attached")
        screenshot(opened, f"bets-{theme}")

        assert opened.evaluate(reading.FAINT) == []

    def test_saved_notebook_is_enough(self, opened, notebook):
        """Collected without the logbook, and reopened without an orphan widget."""
        opened.evaluate(SAVE)
        text = eventually(
            lambda: (t := notebook.read_text()) and "bet+json" in t and t, SHOWS_WITHIN, "saved"
        )
        (bets,) = collect(notebook.parent).bets.values()

        assert "widget-view" not in text
        assert (bets["ch07.survivors"].answer, bets["ch07.survivors"].certainty) == (3, "certain")
        assert bets["ch07.survivors"].sure_and_wrong
        assert bets["ch07.survivors"].why == "je croyais que tout s’arrêtait"
        assert set(bets) == {"ch07.survivors", "ch07.answer", "ch07.losses"}
