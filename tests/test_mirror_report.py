"""What a teacher does with the mirror: reads its page, and adds an unknown mistake to the zoo."""

import json

import graded
import pytest
from grading_results import NAMES, class_of

from workbook.bets.collect import of_files
from workbook.cli import main
from workbook.grading import catalogue
from workbook.grading.anonymous import without_names
from workbook.grading.gradebook import report
from workbook.grading.grading import Class

TITLES = {"ch90": "Chapitre 90 · Totaux"}
TOTAL = "ch90.total"
PARTLY, INCORRECT = NAMES[1:3]


@pytest.fixture(autouse=True)
def small_course(monkeypatch):
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")


@pytest.fixture
def root(tmp_path):
    """The small course, with the folder of what is known of one exercise."""
    graded.course(tmp_path)
    folder = tmp_path / "course/ch90/answers/total"
    folder.mkdir(parents=True)
    (folder / "right_sum.py").write_text(graded.RIGHT[TOTAL] + "\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def out(root):
    list(report(class_of(root), root / "notes", TITLES))
    return root / "notes"


def page(out):
    return (out / "miroir.html").read_text(encoding="utf-8")


def adopt(out, learner, *options):
    """The exit status of the command."""
    root = ["--root", str(out.parent)]
    return main(["adopt", str(out), learner, TOTAL, *root, *options])


class TestPage:
    def test_counts_the_unknown(self, out):
        """Nothing is known of it: to be read, under the title of the step that failed."""
        assert "2\xa0inconnus (à lire)" in page(out)
        assert "1\xa0échoue à «\xa0Une commande de deux lignes\xa0»" in page(out)

    def test_names_are_for_the_teacher_alone(self, out):
        """What is projected names nobody; the last part, folded, links to each page."""
        shown, _, folded = page(out).partition("Pour vous seul")

        assert not [name for name in ("Bruno", "Chloé", "alert(1)") if name in shown]
        assert "Bruno" in folded
        assert all(f'"feedback/{p.name}"' in page(out) for p in out.glob("feedback/bruno-*.html"))

    def test_shows_a_right_answer_beside(self, out):
        theirs, _, right = page(out).partition("Une réponse juste")

        assert "&lt;b&gt;gras" in theirs
        assert "sum(price * n" in right

    def test_offers_five_minutes(self, out):
        """What a client would see, the place in the chapter, the first hint."""
        assert "Le client paie un autre prix que celui affiché." in page(out)
        assert 'href="../notebooks/90_totaux.ipynb"' in page(out)
        assert "Multipliez chaque prix par sa quantité." in page(out)

    def test_class_page_leads_to_it(self, out):
        assert 'href="miroir.html"' in (out / "classe.html").read_text(encoding="utf-8")

    def test_nothing_to_reflect(self, root):
        """One who passed, and one whose answer the machine could not judge."""
        class_ = class_of(root)
        list(report(Class(class_.chapters, class_.results[:1], ""), root / "none", TITLES))

        assert "Aucune réponse fausse" in page(root / "none")


class TestBets:
    def logbook(self, second, answer, certainty):
        entries = [
            {"kind": "bet", "answer": answer, "certainty": certainty},
            {"kind": "measure", "measure": 6},
        ]
        time = f"2026-01-01T00:00:{second:02}"
        lines = [json.dumps({"time": time, "exercise": "ch90.sum", **entry}) for entry in entries]
        return "\n".join(lines).encode()

    def test_sure_and_wrong(self, root):
        """Two were sure and wrong, one was wrong by chance, one was right."""
        said = [(1, "certain"), (1, "certain"), (1, "au hasard"), (6, "certain")]
        files = {
            str(n): {"progress.jsonl": self.logbook(n, *one), "photo.png": b"\x89PNG"}
            for n, one in enumerate(said)
        }
        class_ = class_of(root)
        found = Class(class_.chapters, class_.results, "", bets=of_files(files))
        list(report(found, root / "notes", TITLES))

        assert "Ce dont la classe était sûre, à tort" in page(root / "notes")
        assert "2 sur 4 étaient certains, à tort" in page(root / "notes")
        assert "1\xa0pièce (2)" in page(root / "notes")

    def test_no_logbook_no_section(self, out):
        assert "à tort" not in page(out)


class TestAdopt:
    def test_unknown_is_known_by_its_name(self, root, out):
        """The next report counts it among the mistakes, in the words it was given."""
        assert adopt(out, INCORRECT, "--name", "one", "--mistake", "oublie(nt) le prix") == 0
        path = root / "course/ch90/answers/total/wrong_one.py"
        said, text = catalogue.header(path)
        list(report(class_of(root), out, TITLES))

        assert said["mistake"] == "oublie(nt) le prix"
        assert "order_total a rendu" in said["feedback"]
        assert text.startswith("def order_total(lines):")
        assert "1\xa0oublie le prix" in page(out)
        assert "1\xa0inconnu (à lire)" in page(out)

    def test_is_named_by_its_step(self, root, out):
        """By default, and without an accent or a space."""
        assert adopt(out, PARTLY) == 0
        assert (root / "course/ch90/answers/total/wrong_une_commande_vide.py").exists()

    @pytest.mark.parametrize(
        ("learner", "options", "why"),
        [
            (NAMES[0], [], "Cette réponse est juste."),
            ("Personne", [], "Personne ne s’appelle"),
            (INCORRECT, ["--name", "Erreur n°1"], "minuscules sans accent"),
            (NAMES[4], [], "pas reçu de verdict"),
        ],
    )
    def test_refused(self, out, learner, options, why, capsys):
        assert adopt(out, learner, *options) == 1
        assert why in capsys.readouterr().out

    def test_nothing_is_overwritten(self, root, out, capsys):
        path = root / "course/ch90/answers/total/wrong_one.py"
        path.write_text("# feedback: x\n", encoding="utf-8")

        assert adopt(out, INCORRECT, "--name", "one") == 1
        assert "existe déjà" in capsys.readouterr().out
        assert path.read_text(encoding="utf-8") == "# feedback: x\n"

    def test_known_already(self, out, capsys):
        adopt(out, INCORRECT, "--name", "one")

        assert adopt(out, INCORRECT, "--name", "two") == 1
        assert "déjà connue\xa0: wrong_one." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("x = max(1, 2)  # Max Élie a écrit", "x = max(1, 2)  # … … a écrit"),
        ('"""Par Elie."""\nelie = 3', '"""Par …."""\nelie = 3'),
        ("%%service courrier\n# max\nx = 1", "%%service courrier\n# …\nx = 1"),
        ("x = (  # élie", "x = (  # …"),
    ],
)
def test_takes_the_name_away(code, shown):
    """A name that is also a word of Python stays where it is one."""
    assert without_names(code, ["Max Élie"]) == shown
