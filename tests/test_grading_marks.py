"""From results, dates and the teacher's rules to a gradebook: computed anew, nothing kept."""

import csv
import io
import json
import zipfile
from datetime import datetime

import graded
import pytest

from workbook.bets.book import RECORD
from workbook.grading import hand_in, learner, rubric
from workbook.grading.class_file import parse
from workbook.grading.gradebook import report
from workbook.grading.grading import Class
from workbook.grading.hand_in import BadTable, read_sheet, written
from workbook.grading.ledger import ledger
from workbook.grading.pristine import pristine
from workbook.grading.submissions import collect
from workbook.grading.verdicts import Status, not_run

MARCH = "[echeances]\nch90 = 2026-03-02\n[retard]\npar_jour = 10\nplafond = 50\n"
ANSWER = "owner = 'inventory'"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        folder = tmp_path_factory.mktemp("course")
        graded.course(folder)
        yield folder


@pytest.fixture(scope="module")
def chapters(root):
    return [chapter for chapter in pristine(root) if chapter.key == "ch90"]


@pytest.fixture
def rules(chapters):
    """`rules("…")` reads a teacher's file for the small course."""
    ids = [slot.exercise for chapter in chapters for slot in chapter.slots]
    return lambda text, **options: parse(text, ids, **options)


@pytest.fixture
def handed_in(root, chapters, tmp_path):
    """`handed_in(alice=(3, 1))`: what a class that got these points handed in, and its results.

    Points are those of ch90.total and ch90.owner, of 3 and of 1; None is not to be checked.
    """

    def make(**points):
        source = next(one for one in graded.sources(root) if one.key == "ch90")
        for name in points:
            answers = {"total": f"def order_total(lines):\n    return {points[name][0]}"}
            graded.hand_in(tmp_path / "class" / name, graded.answered(source, **answers))
        taken = [learner.take(one, chapters) for one in collect(tmp_path / "class")]
        found = {name.partition("_")[0]: got for name, got in points.items()}
        results = [result(one, chapters, found[one.submission.name]) for one in taken]
        return Class(chapters, results, "", taken)

    return make


def result(taken, chapters, points):
    exercises = []
    for exercise, got in zip(chapters[0].exercises, points, strict=True):
        base = not_run(exercise, taken.picked["ch90"].answers[exercise.id]).as_json()
        status = Status.CANNOT_CHECK if got is None else Status.PARTLY
        exercises.append({**base, "status": status.value, "points": got or 0})
    name, moodle = taken.submission.name, taken.submission.moodle
    kept = {"remarks": [], "exercises": exercises}
    return {
        "learner": name,
        "moodle": moodle,
        "digest": "",
        "remarks": [],
        "chapters": {"ch90": kept},
    }


def dated(class_, **dates):
    """The same class; `alice="2026-03-04 10:00"` is the date of her notebook, in UTC."""
    for one in class_.taken:
        if one.submission.name in dates:
            at = datetime.fromisoformat(f"{dates[one.submission.name]}+00:00").timestamp()
            one.submission.dates = dict.fromkeys(one.submission.files, at)
    return class_


def written_rows(book, out):
    list(report(book, out, {}))
    text = (out / "gradebook.csv").read_text(encoding="utf-8-sig")
    return {row["apprenant"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


class TestWeights:
    def test_of_an_exercise_and_of_a_chapter(self, handed_in, rules, tmp_path):
        class_ = handed_in(alice=(2, 1))
        text = 'note_sur = 20\n[poids]\n"ch90.owner" = 4\nch90 = 2'
        row = written_rows(ledger(class_, rules(text), tmp_path), tmp_path)["alice"]

        assert (row["total"], row["sur"]) == ("12", "14")
        assert row["note"] == "17,14"
        assert row["ch90.total"] == "2"
        (page,) = tmp_path.glob("feedback/alice-*.html")
        assert "</code> · poids 8</span>" in page.read_text(encoding="utf-8")

    def test_what_could_not_be_checked_counts_for_nothing(self, handed_in, rules, tmp_path):
        class_ = handed_in(alice=(None, 1), bo=(None, None))
        rows = written_rows(ledger(class_, rules("note_sur = 20"), tmp_path), tmp_path)

        assert rows["alice"]["note"] == "20"
        assert rows["bo"]["note"] == ""


class TestLateness:
    def test_takes_points_of_the_chapter(self, handed_in, rules, tmp_path):
        class_ = dated(
            handed_in(early=(3, 1), late=(3, 1), very=(3, 1)),
            early="2026-03-02 23:59",
            late="2026-03-04 10:00",
            very="2026-06-01 10:00",
        )
        text = 'fuseau = "UTC"\n' + MARCH
        rows = written_rows(ledger(class_, rules(text), tmp_path), tmp_path)

        assert [rows[name]["total"] for name in ("early", "late", "very")] == ["4", "3,2", "2"]
        assert rows["late"]["ch90 (jours de retard)"] == "2"
        assert rows["late"]["ch90 (pénalité, %)"] == "20"
        (page,) = tmp_path.glob("feedback/late-*.html")
        assert "remis le 04/03/2026 à 10:00 d’après la date du fichier" in page.read_text()

    def test_is_computed_anew_at_each_writing(self, handed_in, rules, tmp_path):
        """An extension granted afterwards gives the points back: no penalty was kept."""
        class_ = dated(handed_in(late=(3, 1)), late="2026-03-04 10:00")
        text = 'fuseau = "UTC"\n' + MARCH
        before = written_rows(ledger(class_, rules(text), tmp_path), tmp_path)
        granted = text + "[apprenants.late]\njours_de_plus = 1\n"
        after = written_rows(ledger(class_, rules(granted), tmp_path), tmp_path)
        forgiven = written_rows(ledger(class_, rules(""), tmp_path), tmp_path)

        assert [rows["late"]["total"] for rows in (before, after, forgiven)] == ["3,2", "3,6", "4"]

    def test_an_hour_is_that_of_the_class(self, handed_in, rules, tmp_path):
        """23:30 in Paris is 22:30 in London, and the day after in Tokyo."""
        class_ = dated(handed_in(alice=(3, 1)), alice="2026-03-02 22:30")
        totals = [
            ledger(class_, rules(f'fuseau = "{zone}"\n{MARCH}'), tmp_path).marks["alice", ""].points
            for zone in ("Europe/London", "Europe/Paris", "Asia/Tokyo")
        ]

        assert totals == [4, 4, pytest.approx(3.6)]

    def test_nobody_pays_for_a_date_that_is_not_known(self, handed_in, rules, tmp_path):
        class_ = handed_in(alice=(3, 1))
        class_.taken[0].submission.dates = {}
        book = ledger(class_, rules(MARCH), tmp_path)

        assert book.marks["alice", ""].points == 4
        assert "1 carnet sans date de remise" in book.notes[0]


class TestDates:
    def test_the_surest_source_counts(self, handed_in, rules, tmp_path):
        """The teacher's table, for one chapter or for all; then the files."""
        (tmp_path / "remises.csv").write_text(
            "nom;chapitre;remis_le\nalice;ch90;2026-03-01 12:00\nbo;;2026-03-03\n", encoding="utf-8"
        )
        class_ = dated(handed_in(alice=(3, 1), bo=(3, 1), carl=(3, 1)), carl="2026-03-05 08:00")
        read = rules('fuseau="UTC"\nremises="remises.csv"\n' + MARCH, path=tmp_path / "classe.toml")
        found = hand_in.moments(class_.taken, read)

        assert found["alice", ""]["ch90"].at == datetime(2026, 3, 1, 12)
        assert found["bo", ""]["ch90"].source == "le tableau des remises"
        assert found["carl", ""]["ch90"] == hand_in.Moment(
            datetime(2026, 3, 5, 8), "la date du fichier"
        )

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("nom;chapitre\n", ["ligne 1", "« remis_le »"]),
            ("nom;chapitre;remis_le\nalice;;hier\n", ["ligne 2", "« hier »", "2026-03-02 23:59"]),
            ("nom,chapitre,remis_le\nalice,ch9,2026-03-02\n", ["ligne 2", "« ch9 »", "ch90"]),
        ],
    )
    def test_a_table_that_cannot_be_read(self, rules, tmp_path, text, words):
        (tmp_path / "remises.csv").write_text(text, encoding="utf-8")
        read = rules('remises = "remises.csv"', path=tmp_path / "classe.toml")

        with pytest.raises(BadTable) as raised:
            hand_in.read_table(read)
        assert not [word for word in words if word not in str(raised.value)]

    def test_of_the_archive_that_moodle_gives(self, root, chapters, rules, tmp_path):
        """The date of the member, not of what a learner zipped inside it."""
        source = next(one for one in graded.sources(root) if one.key == "ch90")
        content = json.dumps(graded.answered(source)).encode()
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as theirs:
            theirs.writestr(zipfile.ZipInfo("a.ipynb", (2020, 1, 1, 0, 0, 0)), content)
        with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
            for name, ending, data in (
                ("Ève", "a.ipynb", content),
                ("Bo", "a.zip", inner.getvalue()),
            ):
                path = f"{name}_12_assignsubmission_file_/{ending}"
                archive.writestr(zipfile.ZipInfo(path, (2026, 3, 3, 9, 30, 0)), data)
            archive.writestr(zipfile.ZipInfo("Old_13_assignsubmission_file_/a.ipynb"), content)
        taken = [learner.take(one, chapters) for one in collect(tmp_path / "class.zip")]
        found = hand_in.moments(taken, rules(""))

        moment = hand_in.Moment(datetime(2026, 3, 3, 9, 30), "l’archive")
        assert found["Ève", "12"]["ch90"] == found["Bo", "12"]["ch90"] == moment
        assert found["Old", "13"] == {}

    def test_of_the_sheet_that_moodle_gives(self, tmp_path):
        sheet = tmp_path / "sheet.csv"
        sheet.write_text(
            "Identifiant,Nom complet,Note,Dernière modification (travail remis),"
            "Dernière modification (note)\n"
            'Participant 12,Ève Zoé,,"lundi 2 mars 2026, 23:59",-\nParticipant 13,Bo,,-,-\n',
            encoding="utf-8",
        )
        found = read_sheet(sheet)

        assert found.moments == {"12": datetime(2026, 3, 2, 23, 59)}
        assert found.numbers == {"Ève Zoé": "12", "Bo": "13"}

    @pytest.mark.parametrize(
        ("text", "at"),
        [
            ("Monday, 2 March 2026, 11:59 PM", datetime(2026, 3, 2, 23, 59)),
            ("Monday, 2 March 2026, 12:05 AM", datetime(2026, 3, 2, 0, 5)),
            ("dimanche 1er février 2026, 08:05", datetime(2026, 2, 1, 8, 5)),
            ("31 février 2026, 08:05", None),
            ("-", None),
        ],
    )
    def test_as_moodle_writes_them(self, text, at):
        assert written(text) == at


class TestPairs:
    PAIR = '[[binomes]]\nmembres = ["alice", "bo"]\n'

    def test_one_hand_in_two_lines(self, handed_in, rules, tmp_path):
        """Who handed in nothing has the points of their partner."""
        book = ledger(handed_in(alice=(3, 0), carl=(0, 0)), rules(self.PAIR), tmp_path)
        rows = written_rows(book, tmp_path)

        assert {name: row["total"] for name, row in rows.items()} == {
            "alice": "3",
            "bo": "3",
            "carl": "0",
        }
        assert "N’a rien remis en son nom" in rows["bo"]["remarques"]
        assert not book.notes

    def test_of_two_versions_the_last_one_counts(self, handed_in, rules, tmp_path):
        class_ = handed_in(alice=(3, 1), bo=(1, 1))
        dated(class_, alice="2026-03-01 10:00", bo="2026-03-02 10:00")
        book = ledger(class_, rules(self.PAIR), tmp_path)

        assert [mark.points for mark in book.marks.values()] == [2, 2]
        remarks = book.class_.results[0]["chapters"]["ch90"]["remarks"]
        assert any("deux versions différentes" in one and "celle de bo" in one for one in remarks)

    def test_without_dates_the_better_one(self, handed_in, rules, tmp_path):
        class_ = handed_in(alice=(3, 1), bo=(1, 1))
        for one in class_.taken:
            one.submission.dates = {}
        book = ledger(class_, rules(self.PAIR), tmp_path)

        assert [mark.points for mark in book.marks.values()] == [4, 4]

    def test_each_with_their_own_end(self, handed_in, rules, tmp_path):
        class_ = dated(handed_in(alice=(3, 1)), alice="2026-03-03 10:00")
        text = f'fuseau = "UTC"\n{MARCH}[apprenants.bo]\njours_de_plus = 1\n{self.PAIR}'
        marks = ledger(class_, rules(text), tmp_path).marks

        assert marks["alice", ""].points == pytest.approx(3.6)
        assert marks["bo", ""].points == 4

    def test_moodle_gives_the_absent_one_their_grade(self, handed_in, rules, tmp_path):
        """Moodle's sheet says which number is whose."""
        sheet = tmp_path / "sheet.csv"
        sheet.write_text(
            "Identifiant,Nom complet,Note,Note maximale\n"
            "Participant 12,Ève,,20\nParticipant 13,Bo Li,,20\nParticipant 14,Carl,,20\n",
            encoding="utf-8",
        )
        class_ = handed_in(**{"Ève_12_assignsubmission_file_": (3, 0)})
        read = rules('[[binomes]]\nmembres = ["Ève", "Bo Li"]\n')
        list(report(ledger(class_, read, tmp_path, sheet), tmp_path, {}, sheet))
        text = (tmp_path / "moodle.csv").read_text(encoding="utf-8")
        grades = {row["Nom complet"]: row["Note"] for row in csv.DictReader(io.StringIO(text))}

        assert grades == {"Ève": "15.00", "Bo Li": "15.00", "Carl": ""}


def test_names_that_nobody_has(handed_in, rules, tmp_path):
    """A grant to somebody misspelt would be lost in silence."""
    text = "[echeances]\nch90=2026-03-02\n[apprenants.alise]\njours_de_plus = 2\n"
    (note,) = ledger(handed_in(alice=(3, 1)), rules(text), tmp_path).notes

    assert "personne ne s’appelle « alise »" in note
    assert "« alice »" in note


class TestPseudonyms:
    def test_no_name_is_written(self, handed_in, rules, tmp_path):
        """But in the table that leads back, and in what resumes a grading."""
        text = 'anonyme = true\n[apprenants.zelda]\npseudonyme = "Renard"\n' + TestPairs.PAIR
        book = ledger(handed_in(alice=(3, 1), zelda=(0, 1)), rules(text), tmp_path)
        rows = written_rows(book, tmp_path)

        assert len(rows) == 3
        assert rows["Renard"]["total"] == "1"
        files = [path for path in tmp_path.rglob("*") if path.suffix in (".html", ".csv", ".json")]
        told = {
            path.name for path in files for name in ("alice", "zelda") if name in path.read_text()
        }
        assert told == {"pseudonymes.csv"}
        assert not [path for path in files if "alice" in path.name]
        assert oct((tmp_path / "pseudonymes.csv").stat().st_mode)[-3:] == "600"

    def test_stay_the_same(self, handed_in, rules, tmp_path):
        class_, anonymous = handed_in(alice=(3, 1), bo=(0, 1)), rules("anonyme = true")
        first = ledger(class_, anonymous, tmp_path)
        again = ledger(class_, anonymous, tmp_path)

        assert first.marks == again.marks
        assert len(first.marks) == 2


class TestByHand:
    RUBRIC = '[rubrique.ch90]\n"deux raisons" = 2\n"un chiffre" = 1\n'

    def table(self, out):
        text = (out / rubric.FILE).read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text), delimiter=";"))

    def fill(self, out, points):
        """As a spreadsheet saves it."""
        rows = self.table(out)
        for row, given in zip(rows, points, strict=True):
            row["points"], row["commentaire"] = given, "bien vu" if given else ""
        with (out / rubric.FILE).open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, rows[0], delimiter=";")
            writer.writeheader()
            writer.writerows(rows)

    def words(self, taken, words):
        """The learner's notebook shows what they wrote with `takeaway`."""
        ((path, content),) = taken.submission.files.items()
        notebook = json.loads(content)
        record = [{"kind": "takeaway", "exercise": "ch90", "words": words}]
        output = {"output_type": "display_data", "metadata": {}, "data": {RECORD: record}}
        next(c for c in notebook["cells"] if c["cell_type"] == "code")["outputs"] = [output]
        taken.submission.files[path] = json.dumps(notebook).encode()

    def test_is_blind_and_shows_what_is_to_be_read(self, handed_in, rules, tmp_path):
        class_ = handed_in(alice=(3, 1))
        self.words(class_.taken[0], "Parce que le stock change plus vite.")
        list(report(ledger(class_, rules(self.RUBRIC), tmp_path), tmp_path, {}))
        first, second = self.table(tmp_path)

        assert first["pseudonyme"].startswith("E-")
        assert (first["critère"], first["sur"], first["points"]) == ("deux raisons", "2", "")
        assert first["texte"] == "Parce que le stock change plus vite."
        assert "alice" not in (tmp_path / rubric.FILE).read_text()
        assert second["texte"] == ""

    def test_counts_once_it_is_given(self, handed_in, rules, tmp_path):
        """And is kept at the next writing, with the teacher's words on the learner's page."""
        class_, read = handed_in(alice=(3, 1)), rules(self.RUBRIC)
        waiting = ledger(class_, read, tmp_path)
        list(report(waiting, tmp_path, {}))
        self.fill(tmp_path, ["1,5", ""])
        half = ledger(class_, read, tmp_path)
        self.fill(tmp_path, ["1,5", "1"])
        rows = written_rows(ledger(class_, read, tmp_path), tmp_path)

        assert [b.marks["alice", ""].total for b in (waiting, half)] == [4, 4]
        assert "1 apprenant attend" in half.notes[0]
        assert (rows["alice"]["total"], rows["alice"]["sur"]) == ("6,5", "7")
        assert rows["alice"]["ch90 (à la main)"] == "2,5"
        assert [row["points"] for row in self.table(tmp_path)] == ["1,5", "1"]
        (page,) = tmp_path.glob("feedback/alice-*.html")
        assert "bien vu" in page.read_text(encoding="utf-8")

    @pytest.mark.parametrize("given", ["3", "-1", "deux"])
    def test_is_within_what_it_is_worth(self, handed_in, rules, tmp_path, given):
        class_, read = handed_in(alice=(3, 1)), rules(self.RUBRIC)
        list(report(ledger(class_, read, tmp_path), tmp_path, {}))
        self.fill(tmp_path, [given, "1"])

        with pytest.raises(BadTable, match=r"rubric.csv, ligne 2, E-.*deux raisons"):
            ledger(class_, read, tmp_path)

    def test_of_a_pair_is_read_once(self, handed_in, rules, tmp_path):
        class_, read = handed_in(alice=(3, 1)), rules(self.RUBRIC + TestPairs.PAIR)
        list(report(ledger(class_, read, tmp_path), tmp_path, {}))
        lines = self.table(tmp_path)
        self.fill(tmp_path, ["2", "1"])
        marks = ledger(class_, read, tmp_path).marks

        assert len(lines) == 2
        assert [mark.points for mark in marks.values()] == [7, 7]

    def test_nothing_handed_in_is_nothing_to_read(self, handed_in, rules, chapters, tmp_path):
        class_ = handed_in(alice=(3, 1))
        empty = [not_run(exercise, None).as_json() for exercise in chapters[0].exercises]
        class_.results[0]["chapters"]["ch90"]["exercises"] = empty
        book = ledger(class_, rules(self.RUBRIC), tmp_path)

        assert (book.marks["alice", ""].points, book.marks["alice", ""].total) == (0, 7)
        assert not book.notes


def test_a_result_keeps_no_penalty(handed_in, rules, tmp_path):
    """What the next writing reads holds facts alone: the results, and nothing of the rules."""
    class_ = dated(handed_in(late=(3, 1)), late="2026-03-04 10:00")
    before = json.dumps(class_.results)
    list(report(ledger(class_, rules(MARCH), tmp_path), tmp_path, {}))

    assert json.dumps(class_.results) == before
    (tmp_path / "grades.json").unlink()
    assert ledger(class_, rules(MARCH), tmp_path).marks["late", ""].points < 4
