"""From one text source to two notebooks, and every mistake an author can make on the way."""

import json
import shutil
import textwrap

import pytest
import zoo

from workbook.editions import UnknownSource, build, drift, execute, sources, student_edition
from workbook.editions.glossary import glossary, terms
from workbook.editions.notebook import cell_ids, linked_cells
from workbook.editions.solved import ExecutionFailed
from workbook.views.canvas.words import NBSP

COURSE = zoo.TESTS / "small_course"
CHAPTER = "course/ch90/90_totaux.py"


@pytest.fixture(autouse=True)
def exercises(monkeypatch):
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    monkeypatch.setenv("PYTHONPATH", str(zoo.TESTS))


@pytest.fixture
def course(tmp_path):
    """A copy of the small course, nothing built."""
    shutil.copytree(COURSE, tmp_path / "course")
    return tmp_path


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The small course, built once."""
    root = tmp_path_factory.mktemp("built")
    shutil.copytree(COURSE, root / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        patch.setenv("PYTHONPATH", str(zoo.TESTS))
        told = []
        assert build(root, tell=told.append), told
    return root


@pytest.fixture
def copy(built, tmp_path):
    """The built course, free to be spoilt."""
    return shutil.copytree(built, tmp_path / "copy")


def edit(root, old, new, path=CHAPTER):
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(root):
    return [zoo.with_spaces(mistake.located(root)) for mistake in drift(root)]


def source_mistakes(root):
    mistakes = [mistake for source in sources(root) for mistake in source.mistakes]
    return [zoo.with_spaces(mistake.located(root)) for mistake in mistakes]


def cells(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return {cell["id"]: cell for cell in notebook["cells"]}


def text_of(cell):
    return "".join(cell["source"])


def answer_cell(root, body, path=CHAPTER):
    """Replace the first answer cell of the chapter by `body`; its student text."""
    text = (root / path).read_text(encoding="utf-8")
    head, found, rest = text.partition('# %% answer="ch90.total"\n')
    _, check, after = rest.partition('# %% check="ch90.total"\n')
    body = textwrap.dedent(body).strip("\n")
    (root / path).write_text(f"{head}{found}{body}\n\n{check}{after}", encoding="utf-8")
    source = next(s for s in sources(root) if s.path.name in path)
    assert source.mistakes == []
    notebook = json.loads(student_edition(source))
    return next(text_of(c) for c in notebook["cells"] if c["id"] == "answer-ch90-total")


class TestStudentEdition:
    def test_has_a_stub_for_each_solution(self, built):
        made = cells(built / "notebooks/90_totaux.ipynb")

        stub = text_of(made["answer-ch90-total"])
        assert stub.endswith("    # À vous de jouer\n    raise NotImplementedError")
        assert text_of(made["answer-ch90-owner"]) == "# À vous de jouer\nowner = ..."

    def test_tells_no_solution(self, built):
        text = (built / "notebooks/90_totaux.ipynb").read_text(encoding="utf-8")

        assert "SOLUTION" not in text
        assert "price * quantity" not in text

    def test_has_no_output(self, built):
        for cell in cells(built / "notebooks/90_totaux.ipynb").values():
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None

    def test_service_magic_survives(self, built):
        """Plain Python in the source, a cell magic in the notebook."""
        answer = cells(built / "labs/lab9_salles.ipynb")["answer-lab9-rooms"]

        assert text_of(answer).startswith("%%service rooms\nfrom flask import")

    def test_is_a_notebook_for_jupyter(self, built):
        import nbformat

        for path in built.glob("*/*.ipynb"):
            nbformat.validate(nbformat.read(path, as_version=4))

    def test_is_what_jupyter_itself_would_save(self, built, tmp_path):
        """Opening and saving changes nothing: a learner's diff shows only their work."""
        import nbformat

        path = built / "notebooks/90_totaux.ipynb"
        nbformat.write(nbformat.read(path, as_version=4), tmp_path / "saved.ipynb")

        assert (tmp_path / "saved.ipynb").read_bytes() == path.read_bytes()

    def test_metadata_tell_roles(self, built):
        made = cells(built / "notebooks/90_totaux.ipynb")

        assert made["answer-ch90-total"]["metadata"] == {"workbook": {"answer": "ch90.total"}}
        assert made["check-ch90-total"]["metadata"] == {"workbook": {"check": "ch90.total"}}


class TestCellIds:
    def test_both_editions_share_them(self, built):
        solved = cells(built / "solutions/90_totaux.ipynb")

        assert list(cells(built / "notebooks/90_totaux.ipynb")) == list(solved)

    def test_do_not_move_when_a_cell_is_inserted(self, course):
        before = cell_ids(sources(course)[0].cells)
        edit(course, "# %% [markdown]\n# Qui", "# %%\n1 + 1\n\n# %% [markdown]\n# Qui")
        after = cell_ids(sources(course)[0].cells)

        assert [id for id in after if id in before] == before

    def test_same_text_twice(self, course):
        edit(
            course, "# %% [markdown]\n# Qui", "# %%\n1 + 1\n\n# %%\n1 + 1\n\n# %% [markdown]\n# Qui"
        )
        ids = cell_ids(sources(course)[0].cells)

        assert len(set(ids)) == len(ids)


class TestStub:
    def test_keeps_indentation_and_what_surrounds_it(self, course):
        text = answer_cell(
            course,
            '''
            class Cart:
                limit = 3

                def total(self):
                    """Somme."""
                    ### BEGIN SOLUTION
                    return 0
                    ### END SOLUTION

                def __len__(self):
                    return 1
            ''',
        )

        assert '"""Somme."""\n        # À vous de jouer\n        raise NotImplementedError' in text
        assert text.endswith("return 1")

    def test_author_may_write_it(self, course):
        text = answer_cell(
            course,
            """
            def f(n):
                ### BEGIN SOLUTION
                return n + 1
                ### END SOLUTION
                ### BEGIN STUB
                # step = ...  # de combien ?
                #
                # return n + step
                ### END STUB
            """,
        )

        assert text == "def f(n):\n    step = ...  # de combien ?\n\n    return n + step"

    def test_names_at_the_margin_are_kept(self, course):
        text = answer_cell(
            course,
            """
            ### BEGIN SOLUTION
            one = 1
            # the trick
            two = compute(one)
            ### END SOLUTION
            """,
        )

        assert text == "# À vous de jouer\none = ...\ntwo = ..."

    def test_function_at_the_margin_keeps_its_head(self, course):
        text = answer_cell(
            course,
            '''
            ### BEGIN SOLUTION
            @cached
            def f(a, b=2):
                """Promesse."""
                # the trick
                return a + b
            ### END SOLUTION
            ''',
        )

        assert text == (
            '@cached\ndef f(a, b=2):\n    """Promesse."""\n'
            "    # À vous de jouer\n    raise NotImplementedError"
        )


MISTAKES = {
    "never closed": ("    ### END SOLUTION\n", "", ":12 : ### BEGIN SOLUTION n’est jamais fermé"),
    "never opened": ("    ### BEGIN SOLUTION\n", "", ":13 : ### END SOLUTION sans"),
    "nested": (
        "    return sum",
        "    ### BEGIN SOLUTION\n    return sum",
        ":13 : ### BEGIN SOLUTION à l’intérieur",
    ),
    "misspelt": ("### BEGIN SOLUTION", "## BEGIN SOLUTION", ":12 : marqueur mal écrit"),
    "outside": (
        "from workbook import check",
        "### BEGIN SOLUTION\nfrom workbook import check\n### END SOLUTION",
        ":7 : marqueur de solution hors",
    ),
    "stub alone": (
        "    ### BEGIN SOLUTION",
        "    ### BEGIN STUB\n    # x = 1\n    ### END STUB\n    ### BEGIN SOLUTION",
        ":12 : ### BEGIN STUB doit suivre",
    ),
    "no solution": (
        "    ### BEGIN SOLUTION\n    return sum(price * quantity for price, quantity in lines)\n"
        "    ### END SOLUTION",
        "    pass",
        ":10 : cellule de réponse sans",
    ),
    "stub that raises at once": (
        '### BEGIN SOLUTION\nowner = "inventory"\n',
        'if True:\n    ### BEGIN SOLUTION\n    owner = "inventory"\n    ',
        ":26 : ce stub lèverait",
    ),
    "stub impossible to guess": (
        'owner = "inventory"',
        'print("inventory")',
        ":25 : précisez le stub",
    ),
    "syntax error": (
        "def order_total(lines):",
        "def order_total(lines:",
        ":10 : cette cellule ne se lit",
    ),
    "no check": (
        '# %% check="ch90.owner"',
        "# %%",
        ":23 : « ch90.owner » n’a pas de cellule check",
    ),
    "no answer": (
        '# %% answer="ch90.owner"\n### BEGIN SOLUTION\nowner = "inventory"\n### END SOLUTION',
        "# %%\nowner = 1",
        "« ch90.owner » n’a pas de cellule answer",
    ),
    "check of another": (
        'check("ch90.owner", owner)',
        'check("ch90.total", 1)',
        "n’appelle pas check",
    ),
    "unknown id": ('answer="ch90.owner"', 'answer="ch90.owners"', "Aucun exercice ne s’appelle"),
    "unknown key": ('tags=["setup"]', 'points="3"', ":6 : clé de cellule inconnue : « points »"),
    "text before": (
        "# %% [markdown]\n# # Totaux",
        "import os\n# %% [markdown]\n# # Totaux",
        ":1 : du texte",
    ),
    "bet never measured": (
        'settle("ch90.sum", 2 * 3)\n',
        "",
        ":37 : le pari « ch90.sum » n’est jamais mesuré",
    ),
    "bet never asked": (
        'bet("ch90.owner")\n',
        "",
        ":43 : le pari « ch90.owner » est mesuré sans avoir été demandé",
    ),
    "bet asked too late": (
        'bet("ch90.sum")\nbet("ch90.owner")\nbet("ch90.sizes")\nbet("ch90.rate")\n',
        'bet("ch90.owner")\nbet("ch90.sizes")\nbet("ch90.rate")\nsettle("ch90.sum", 1)\n'
        'bet("ch90.sum")\n',
        "le pari « ch90.sum » est demandé après sa mesure",
    ),
    "bet of another chapter": ('bet("ch90.sum")', 'bet("ch07.sum")', "n’appartient pas"),
    "unknown bet": ('bet("ch90.sum")', 'bet("ch90.sun")', "Aucun pari ne s’appelle"),
    "told elsewhere": (
        "# Qui garde les quantités ?",
        "# ```\n# return sum(price * quantity for price, quantity in lines)\n# ```",
        "la solution de « ch90.total » se lit",
    ),
}


class TestMistakes:
    @pytest.mark.parametrize(("old", "new", "expected"), MISTAKES.values(), ids=MISTAKES)
    def test_is_named_with_its_line(self, course, old, new, expected):
        """Each error names file and line; nothing is written."""
        edit(course, old, new)
        lines = []

        assert build(course, tell=lines.append) is False
        lines = [zoo.with_spaces(line) for line in lines]
        assert any(line.startswith(CHAPTER) and expected in line for line in lines), lines
        assert not (course / "notebooks").exists()

    def test_bet_that_no_cell_asks_for(self, course):
        edit(course, 'bet("ch90.sum")\n', "")
        edit(course, 'settle("ch90.sum", 2 * 3)\n', "")

        (line,) = source_mistakes(course)
        assert line.startswith("course/ch90/bets.py:1 : aucune cellule ne demande le pari")

    def test_same_id_twice(self, course):
        text = (course / CHAPTER).read_text(encoding="utf-8")
        (course / "course/ch91").mkdir()
        (course / "course/ch91/91_double.py").write_text(text, encoding="utf-8")

        lines = source_mistakes(course)

        assert any("« answer ch90.total » existe déjà en 90_totaux.py:9" in line for line in lines)

    def test_two_texts_in_a_folder(self, course):
        text = "# %% [markdown]\n# # Titre\n"
        (course / "course/ch90/90_sommes.py").write_text(text, encoding="utf-8")

        assert any("« ch90 » existe déjà" in line for line in source_mistakes(course))

    def test_checked_before_its_answer(self, course):
        text = (course / CHAPTER).read_text(encoding="utf-8")
        check = '# %% check="ch90.total"\ncheck("ch90.total", order_total)\n'
        moved = text.replace(check, "").replace(
            '# %% answer="ch90.total"', f'{check}\n# %% answer="ch90.total"'
        )
        (course / CHAPTER).write_text(moved, encoding="utf-8")

        assert any("est vérifié avant" in line for line in source_mistakes(course))


class TestBuild:
    def test_is_in_step(self, built):
        assert told(built) == []

    def test_again_changes_nothing(self, copy):
        """The second build writes no file and starts no kernel."""
        before = {path: path.stat().st_mtime_ns for path in copy.rglob("*.ipynb")}
        lines = []

        assert build(copy, tell=lines.append)

        assert {path: path.stat().st_mtime_ns for path in copy.rglob("*.ipynb")} == before
        assert len(lines) == 1

    def test_named_by_key_or_by_file(self, copy):
        for name in ("ch90", "90_totaux"):
            lines = []
            assert build(copy, [name], tell=lines.append)
            assert lines[-1].startswith("1 source(s)")

    def test_unknown_name_is_refused(self, copy):
        """Whoever mistypes a name would take nothing done for nothing to do."""
        with pytest.raises(UnknownSource, match=r"ch09.*ch90 \(90_totaux\)"):
            build(copy, ["ch09"])

    def test_a_link_that_moved_is_not_run_again(self, copy):
        """Another chapter's arrival changes words of this one: its measures are still good."""
        solved = copy / "solutions/90_totaux.ipynb"
        good = solved.read_text(encoding="utf-8")
        solved.write_text(good.replace("Dans ce chapitre", "Dans l’ancien"), encoding="utf-8")
        lines = []

        assert build(copy, tell=lines.append)

        assert solved.read_text(encoding="utf-8") == good
        assert "0 édition(s) résolue(s) exécutée(s)" in lines[-1]

    def test_is_byte_identical(self, built, course):
        """From the same source, the same bytes."""
        for source in sources(course):
            made = built / source.student.relative_to(course)
            assert student_edition(source) == made.read_text(encoding="utf-8")

    def test_solutions_carry_their_outputs(self, built):
        check = cells(built / "solutions/90_totaux.ipynb")["check-ch90-total"]

        assert "Réussi" in "".join(check["outputs"][0]["data"]["text/plain"])

    def test_solutions_name_no_machine(self, built):
        text = (built / "solutions/lab9_salles.ipynb").read_text(encoding="utf-8")

        assert str(built) not in text
        assert "ipykernel_" not in text

    def test_wrong_solution_is_not_written(self, course):
        """A check that refuses the course's own solution stops the build."""
        edit(course, 'owner = "inventory"', 'owner = "orders"')
        source = sources(course)[0]

        with pytest.raises(ExecutionFailed, match=r"ch90\.owner"):
            execute(source)

    def test_cell_that_raises_is_told(self, course):
        edit(course, "from workbook import check", "from workbook import check\n1 / 0")
        lines = []

        assert build(course, names=["90_totaux"], tell=lines.append) is False
        assert any("ZeroDivisionError" in line for line in lines)
        assert not (course / "solutions/90_totaux.ipynb").exists()


class TestDrift:
    def test_edited_student_edition(self, copy):
        edit(copy, "Totaux", "Sommes", "notebooks/90_totaux.ipynb")

        assert ["diffère de sa source" in line for line in told(copy)] == [True]

    def test_leak_written_into_the_student_edition(self, copy):
        edit(copy, "raise NotImplementedError", "return sum(lines)", "notebooks/90_totaux.ipynb")

        assert told(copy)[0].startswith("notebooks/90_totaux.ipynb:")

    def test_edited_source(self, copy):
        """Both editions are then late."""
        edit(copy, "Qui garde les quantités ?", "Qui les garde ?")

        assert len(told(copy)) == 2

    def test_solution_edited_by_hand(self, copy):
        edit(copy, "price * quantity", "quantity * price", "solutions/90_totaux.ipynb")

        assert ["solutions/90_totaux.ipynb" in line for line in told(copy)] == [True]

    def test_failed_check_left_in_a_solution(self, copy):
        edit(copy, '"outcome": "passed"', '"outcome": "incorrect"', "solutions/90_totaux.ipynb")

        assert any("n’y est pas réussi" in line for line in told(copy))

    def test_missing_and_stray_notebooks(self, copy):
        (copy / "labs/lab9_salles.ipynb").rename(copy / "labs/other.ipynb")

        assert ["absente" in told(copy)[0], "aucune source" in told(copy)[1]] == [True, True]

    def test_widget_state(self, copy):
        edit(
            copy,
            '"workbook": {\n   "digest"',
            '"widgets": {}, "workbook": {\n   "digest"',
            "solutions/90_totaux.ipynb",
        )

        assert any("widgets" in line for line in told(copy))


class TestGlossary:
    @pytest.fixture
    def course(self, course):
        for place, text in (
            (
                CHAPTER,
                "# ## Qui écoute\n# Un **courtier** (*broker*), un **écho** (*echo*, ou *ping*).",
            ),
            (
                "course/lab9/lab9_salles.py",
                "# Un **courtier** (*message broker*), une **étape** (*step*).",
            ),
        ):
            path = course / place
            added = f"\n# %% [markdown]\n{text}\n"
            path.write_text(path.read_text(encoding="utf-8") + added, encoding="utf-8")
        return course

    def test_first_use_counts(self, course):
        """In the order of a dictionary; accents do not send a word to the end."""
        found = [(term.french, term.english, term.key) for term in terms(sources(course))]

        assert found == [
            ("courtier", "broker", "ch90"),
            ("écho", "echo", "ch90"),
            ("étape", "step", "lab9"),
        ]

    def test_leads_to_the_cell(self, course):
        found = sources(course)
        lines = glossary(found).splitlines()
        cell, other = (list(linked_cells(source))[-1] for source in found)

        assert f"| courtier | broker | [Chapitre 90](90_totaux.ipynb#cell-id={cell}) |" in lines
        assert f"| étape | step | [Lab 9](../labs/lab9_salles.ipynb#cell-id={other}) |" in lines

    def test_is_kept_in_step(self, copy):
        """A page somebody edited by hand is named, and written again."""
        page = copy / "notebooks/glossaire.md"
        page.write_text("| mot |", encoding="utf-8")

        assert told(copy) == [
            "notebooks/glossaire.md:1 : en retard sur le cours : lancez « make build »"
        ]
        assert build(copy, tell=[].append)
        assert told(copy) == []


class TestOpening:
    """What the build adds below an author's first words."""

    def first_cell(self, course):
        (source,) = [source for source in sources(course) if source.key == "ch90"]
        return "".join(json.loads(student_edition(source))["cells"][0]["source"])

    def test_follows_the_authors_words(self, course):
        text = self.first_cell(course)

        assert text.startswith("# Totaux\n\nDans ce chapitre")
        assert text.endswith(f"**Durée**{NBSP}: 5{NBSP}min.")

    def test_contents(self, course):
        chapter = course / CHAPTER
        added = "\n# %% [markdown]\n# ## Qui paie\n#\n# ### En détail\n"
        chapter.write_text(chapter.read_text(encoding="utf-8") + added, encoding="utf-8")

        (source,) = [source for source in sources(course) if source.key == "ch90"]
        last = list(linked_cells(source))[-1]
        contents = f"**Sommaire**{NBSP}:\n\n- [Qui paie](#cell-id={last})"

        assert self.first_cell(course).endswith(contents)

    def test_cell_keeps_its_id(self, course):
        """A new heading further down does not make another cell of the first."""
        (source,) = [source for source in sources(course) if source.key == "ch90"]
        first = json.loads(student_edition(source))["cells"][0]

        assert first["id"] == cell_ids(source.cells)[0]
