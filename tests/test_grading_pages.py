"""The pages of a graded class: read on a phone, by a screen reader, and opened without harm."""

import graded
import programs
import pytest
from grading_results import NAMES, class_of

from workbook.grading.gradebook import report
from workbook.grading.verdicts import Status
from workbook.grading.words import LOOKS

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        root = tmp_path_factory.mktemp("course")
        graded.course(root)
        folder = tmp_path_factory.mktemp("report")
        list(report(class_of(root), folder, {"ch90": "Chapitre 90 · Totaux"}))
        yield folder


def pages(out):
    return [out / "classe.html", out / "miroir.html", *sorted(out.glob("feedback/*.html"))]


def test_one_page_a_learner(out):
    assert len(pages(out)) == 2 + len(NAMES)


def test_every_status_is_told_in_words(out):
    """A sign of its own and words: colour alone says nothing."""
    told = (out / "classe.html").read_text(encoding="utf-8")

    assert len({look.sign for look in LOOKS.values()}) == len(Status)
    assert all(look.words in told for look in LOOKS.values())


def test_nothing_of_a_learners_is_markup(out):
    for page in pages(out):
        text = page.read_text(encoding="utf-8")

        assert "<script" not in text
        assert "<b>gras" not in text


def test_leads_to_each_learner(out):
    """Two pages of a class find each other."""
    text = (out / "classe.html").read_text(encoding="utf-8")

    assert all(f'href="feedback/{page.name}"' in text for page in out.glob("feedback/*.html"))


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_fits_the_screen(out, width, tmp_path):
    """No page is wider than a phone; the table of the class scrolls within itself."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=programs.find("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": width, "height": 800})
        wide = {}
        for path in pages(out):
            page.goto(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            wide[path.name] = page.evaluate("document.documentElement.scrollWidth")
            page.screenshot(path=tmp_path / f"{path.stem}.png", full_page=True)
        browser.close()

    assert max(wide.values()) <= width, wide
