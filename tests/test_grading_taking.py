"""What is taken of what a learner hands in: the answers, whatever has become of the notebook."""

import io
import json
import stat
import zipfile

import graded
import pytest

from workbook.grading import learner
from workbook.grading.pristine import pristine
from workbook.grading.submissions import NothingToGrade, Submission, collect

TOTAL, OWNER = "ch90.total", "ch90.owner"
RIGHT = graded.RIGHT[TOTAL]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


@pytest.fixture(scope="module")
def chapters(source):
    return pristine(source.root)


@pytest.fixture
def notebook(source):
    return graded.answered(source, total=RIGHT)


def taken_of(chapters, *contents, name=graded.CHAPTER):
    """What is taken of notebooks, given as JSON or as bytes."""
    found = Submission("x")
    for number, content in enumerate(contents):
        ending = f"-{number}" if number else ""
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        found.add(f"{name}{ending}.ipynb", data)
    return learner.take(found, chapters)


def of_total(chapters, *contents, **options):
    return taken_of(chapters, *contents, **options).picked["ch90"].answers[TOTAL]


def total(notebook):
    return graded.cell(notebook, "answer-ch90-total")


class TestTheAnswer:
    def test_is_taken_and_nothing_else(self, chapters, notebook):
        """An added cell, a changed check, outputs, notebook metadata: none of it travels."""
        notebook["cells"].insert(
            3, {"cell_type": "code", "id": "zz", "metadata": {}, "source": "x = 1", "outputs": []}
        )
        graded.cell(notebook, "check-ch90-total")["source"] = "pass"
        notebook["metadata"]["kernelspec"] = {"name": "ir", "language": "R"}
        taken = taken_of(chapters, notebook)
        picked = taken.picked["ch90"]
        made = chapters[0].with_answers(picked.sources)

        assert picked.answers[TOTAL].source == RIGHT
        expected = [
            {**c, "source": RIGHT} if c["id"] == "answer-ch90-total" else c
            for c in chapters[0].notebook["cells"]
        ]
        assert [c for c in made["cells"] if c["id"] != "answer-ch90-owner"] == [
            c for c in expected if c["id"] != "answer-ch90-owner"
        ]
        assert made["metadata"] == chapters[0].notebook["metadata"]
        assert any("modifiée, sans effet" in remark for remark in picked.remarks)
        assert any("1 cellule ajoutée" in remark for remark in picked.remarks)

    def test_untouched(self, chapters, source):
        answer = of_total(chapters, graded.notebook(source))

        assert answer.untouched

    def test_without_metadata(self, chapters, notebook):
        """VS Code may drop a cell's metadata: its id is enough."""
        for cell in notebook["cells"]:
            cell["metadata"] = {}
        answer = of_total(chapters, notebook)

        assert answer.source == RIGHT
        assert "reconnue à son identifiant" in answer.remarks[0]

    def test_without_ids(self, chapters, notebook):
        for cell in notebook["cells"]:
            del cell["id"]

        assert of_total(chapters, notebook).source == RIGHT

    def test_without_any_mark(self, chapters, notebook):
        """Colab's copy of a copy: the names that the cell defines are left."""
        for cell in notebook["cells"]:
            del cell["id"]
            cell["metadata"] = {}
        answer = of_total(chapters, notebook, name="Copie de TP")

        assert answer.source == RIGHT
        assert "reconnue aux noms" in answer.remarks[0]

    def test_all_ids_the_same(self, chapters, notebook):
        for cell in notebook["cells"]:
            cell["id"] = "same"

        assert of_total(chapters, notebook).source == RIGHT

    def test_split(self, chapters, notebook):
        """JupyterLab's split gives both halves the metadata: they are put together again."""
        cell = total(notebook)
        head, _, rest = RIGHT.partition("\n")
        cell["source"] = head
        half = {**cell, "id": "other-half", "source": rest}
        notebook["cells"].insert(notebook["cells"].index(cell) + 1, half)
        answer = of_total(chapters, notebook)

        assert answer.source == RIGHT
        assert "coupée en 2" in answer.remarks[0]

    def test_given_twice(self, chapters, notebook):
        """A copied cell: the one that would run last counts."""
        cell = total(notebook)
        cell["source"] = "def order_total(lines):\n    return 0"
        notebook["cells"].append({**cell, "source": RIGHT})
        answer = of_total(chapters, notebook)

        assert answer.source == RIGHT
        assert "la dernière compte" in answer.remarks[0]

    @pytest.mark.parametrize("kind", ["markdown", "raw"])
    def test_no_longer_code(self, chapters, notebook, kind):
        total(notebook)["cell_type"] = kind
        answer = of_total(chapters, notebook)

        assert answer.source is None
        assert "n’est plus une cellule de code" in answer.remarks[0]

    def test_deleted(self, chapters, notebook):
        notebook["cells"].remove(total(notebook))
        answer = of_total(chapters, notebook)

        assert answer.source is None
        assert answer.remarks == ("cellule de réponse absente",)

    def test_reordered(self, chapters, notebook):
        """Answers go back to their own places."""
        notebook["cells"].reverse()
        taken = taken_of(chapters, notebook)

        assert taken.picked["ch90"].answers[TOTAL].source == RIGHT
        assert any("dans l’ordre" in remark for remark in taken.picked["ch90"].remarks)

    def test_checks_deleted(self, chapters, notebook):
        kept = [c for c in notebook["cells"] if "check" not in c["metadata"].get("workbook", {})]
        taken = taken_of(chapters, {**notebook, "cells": kept})

        assert taken.picked["ch90"].answers[TOTAL].source == RIGHT
        assert any("vérification absente" in remark for remark in taken.picked["ch90"].remarks)

    def test_of_nbformat_3(self, chapters, notebook):
        """Cells in a worksheet, sources called input."""
        cells = [
            {"cell_type": c["cell_type"], "metadata": c["metadata"], "input": c["source"]}
            for c in notebook["cells"]
        ]
        old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]}

        assert of_total(chapters, old).source == RIGHT

    def test_with_a_lone_surrogate(self, chapters, notebook):
        """What UTF-8 cannot carry would stop a kernel's messages."""
        total(notebook)["source"] = f"# \ud83d\n{RIGHT}"

        assert of_total(chapters, notebook).source == f"# ?\n{RIGHT}"

    def test_too_long(self, chapters, notebook):
        total(notebook)["source"] = "#" * 300_000

        assert of_total(chapters, notebook).source is None

    def test_of_odd_metadata(self, chapters, notebook):
        """Lists, numbers and nothing where objects are meant."""
        total(notebook)["metadata"] = ["workbook"]
        notebook["cells"] += [None, 3, {"cell_type": 7, "source": {"a": 1}, "metadata": None}]

        assert of_total(chapters, notebook).source == RIGHT

    def test_in_two_notebooks(self, chapters, notebook, source):
        """The one that has the course's own name counts, and that is said."""
        other = graded.answered(source, total="def order_total(lines):\n    return 7")
        taken = taken_of(chapters, notebook, other)

        assert taken.picked["ch90"].answers[TOTAL].source == RIGHT
        assert any("plusieurs carnets" in remark for remark in taken.picked["ch90"].remarks)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"%PDF-1.4", id="a PDF"),
        pytest.param(b"\xff\xfe\x00", id="not UTF-8"),
        pytest.param(b"[" * 100_000, id="too deep"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"cells": 3}', id="no cells"),
    ],
)
def test_unreadable_is_not_counted_against_anyone(chapters, content):
    taken = taken_of(chapters, content)
    result = learner.grade(taken, [chapters[0]], None, [])

    statuses = [one["status"] for one in result["chapters"]["ch90"]["exercises"]]
    assert taken.unreadable
    assert statuses == ["cannot_check", "cannot_check"]


def test_notebook_of_another_course(chapters):
    other = {"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "source": "1"}]}

    assert not taken_of(chapters, other, name="TP").picked


# -- folders and archives -------------------------------------------------------------------------


def zipped(files, **attributes):
    """A zip in memory; `attributes` are those of its members' ZipInfo."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            for key, value in attributes.items():
                setattr(member, key, value)
            archive.writestr(member, content)
    return made.getvalue()


def names(folder):
    return {(one.name, one.moodle): sorted(one.files) for one in collect(folder)}


class TestCollect:
    def test_folder_zip_and_notebook(self, tmp_path):
        graded.hand_in(tmp_path / "alice" / "tp", {})
        (tmp_path / "bruno.zip").write_bytes(zipped({"tp/90_totaux.ipynb": b"{}"}))
        (tmp_path / "chloe.ipynb").write_bytes(b"{}")
        (tmp_path / "consignes.pdf").write_bytes(b"")

        assert names(tmp_path) == {
            ("alice", ""): ["tp/90_totaux.ipynb"],
            ("bruno", ""): ["tp/90_totaux.ipynb"],
            ("chloe", ""): ["chloe.ipynb"],
        }

    def test_moodle(self, tmp_path):
        """Folders kept or not: the name and the number are in what Moodle adds."""
        graded.hand_in(tmp_path / "Ève Zoé_1234_assignsubmission_file_", {})
        (tmp_path / "Bo Li_77_assignsubmission_file_90_totaux.ipynb").write_bytes(b"{}")
        inner = zipped({"90_totaux.ipynb": b"{}"})
        (tmp_path / "Cy Tri_9_assignsubmission_file_tp.zip").write_bytes(inner)

        assert set(names(tmp_path)) == {("Ève Zoé", "1234"), ("Bo Li", "77"), ("Cy Tri", "9")}

    def test_the_zip_that_moodle_gives(self, tmp_path):
        inner = zipped({"90_totaux.ipynb": b"{}"})
        files = {
            "Ève Zoé_1234_assignsubmission_file_/90_totaux.ipynb": b"{}",
            "Bo Li_77_assignsubmission_file_/tp.zip": inner,
        }
        (tmp_path / "class.zip").write_bytes(zipped(files))

        assert names(tmp_path / "class.zip") == {
            ("Bo Li", "77"): ["90_totaux.ipynb"],
            ("Ève Zoé", "1234"): ["90_totaux.ipynb"],
        }

    def test_nbgrader(self, tmp_path):
        graded.hand_in(tmp_path / "submitted" / "dora" / "tp1", {})
        graded.hand_in(tmp_path / "release" / "tp1", {})

        assert names(tmp_path) == {("dora", ""): ["tp1/90_totaux.ipynb"]}

    def test_names_that_are_no_utf8(self, tmp_path):
        try:
            (tmp_path / "jos\udce9").mkdir()
        except OSError:
            pytest.skip("this file system refuses such names")
        graded.hand_in(tmp_path / "jos\udce9", {})
        (found,) = collect(tmp_path)

        assert found.name == "jos\N{REPLACEMENT CHARACTER}"
        assert found.slug.isascii()

    def test_links_are_not_followed(self, tmp_path):
        graded.hand_in(tmp_path / "class" / "alice", {})
        secret = graded.hand_in(tmp_path / "elsewhere", {}, "secret") / "secret.ipynb"
        (tmp_path / "class" / "alice" / "mine.ipynb").symlink_to(secret)
        (tmp_path / "class" / "bob").symlink_to(secret.parent)
        (found,) = collect(tmp_path / "class")

        assert list(found.files) == ["90_totaux.ipynb"]
        assert any("un lien" in remark for remark in found.remarks)

    def test_nothing_there(self, tmp_path):
        with pytest.raises(NothingToGrade):
            collect(tmp_path)
        with pytest.raises(NothingToGrade):
            collect(tmp_path / "absent")

    def test_two_of_one_name_have_two_files(self, tmp_path):
        graded.hand_in(tmp_path / "Bo Li_1_assignsubmission_file_", {})
        graded.hand_in(tmp_path / "Bo Li_2_assignsubmission_file_", {})
        one, two = collect(tmp_path)

        assert one.slug != two.slug


class TestZip:
    def of(self, tmp_path, content):
        (tmp_path / "alice.zip").write_bytes(content)
        (found,) = collect(tmp_path)
        return found

    @pytest.mark.parametrize(
        "path", ["../x.ipynb", "/etc/x.ipynb", "a/../../x.ipynb", "C:/x.ipynb"]
    )
    def test_paths_that_climb(self, tmp_path, path):
        found = self.of(tmp_path, zipped({path: b"{}", "90_totaux.ipynb": b"{}"}))

        assert list(found.files) == ["90_totaux.ipynb"]
        assert any("sort de l’archive" in remark for remark in found.remarks)
        assert [p.name for p in tmp_path.iterdir()] == ["alice.zip"]

    def test_links(self, tmp_path):
        link = zipped({"x.ipynb": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16)
        found = self.of(tmp_path, link)

        assert not found.files
        assert "un lien" in found.remarks[0]

    def test_bomb(self, tmp_path):
        """200 MB of zeros in 200 kB: passed over without being held."""
        found = self.of(tmp_path, zipped({"x.ipynb": b"\0" * 200_000_000}))

        assert not found.files
        assert "trop grand" in found.remarks[0]

    def test_bomb_that_lies(self, tmp_path):
        """A member that says it is small is read no further than that limit."""
        data = bytearray(zipped({"x.ipynb": b"\0" * 150_000_000}))
        for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
            place = data.index(mark) + at
            data[place : place + 4] = (100).to_bytes(4, "little")
        found = self.of(tmp_path, bytes(data))

        assert sum(map(len, found.files.values())) <= 100

    def test_not_a_zip(self, tmp_path):
        found = self.of(tmp_path, b"PK\x03\x04 no more than that")

        assert not found.files
        assert "illisible" in found.remarks[0]

    def test_ten_thousand_files(self, tmp_path):
        found = self.of(tmp_path, zipped({f"{n}.ipynb": b"{}" for n in range(3_000)}))

        assert len(found.files) == 2_000
        assert "le reste est passé" in found.remarks[-1]
