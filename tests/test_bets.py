"""Bets: what an answer may be, what the logbook keeps, what is said, and what a class comes to."""

import csv
import io
import json
import random

import pytest
import zoo

from workbook import bet, logbook, settle
from workbook.bets import exports, registry
from workbook.bets.book import RECORD, Bet, bet_on, my_bets
from workbook.bets.certainty import Certainty, certainty_of, declared_ignorance, lucidity
from workbook.bets.collect import collect
from workbook.bets.form import BetForm
from workbook.bets.histogram import histogram
from workbook.bets.picture import compare
from workbook.bets.question import BadAnswer, Choice, Gap, Number, Ordering
from workbook.checks import progress
from workbook.cli import main

SUM, OWNER, SIZES, RATE = (f"ch90.{name}" for name in ("sum", "owner", "sizes", "rate"))
RIGHT, WRONG = True, False


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch):
    """The small course, and a logbook of one's own."""
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
    return tmp_path / "progress.jsonl"


def made(id, answer, certainty="certain", measure=None):
    return Bet(id, registry.find(id), answer, Certainty(certainty), measure, measure)


class TestAnswer:
    @pytest.mark.parametrize("answer", [7, "7", " 7 pièces", "7 pièce", 7.0, "7,0"])
    def test_number(self, answer):
        assert registry.find(SUM).parse(answer) == 7

    def test_number_with_thousands(self):
        """As a French keyboard, or a French page, writes it."""
        assert [registry.find(RATE).parse(t) for t in ("12 000", "12\u202f000")] == [12_000] * 2

    @pytest.mark.parametrize("answer", ["beaucoup", "", None, True, [3], 11, -1, 2.5, "nan", "inf"])
    def test_number_refused(self, answer):
        """What it should be is said."""
        with pytest.raises(BadAnswer, match=r"de 0 à 10"):
            registry.find(SUM).parse(answer)

    @pytest.mark.parametrize(
        ("unit", "asked"), [("appels", "d’appels"), ("heures", "d’heures"), ("ms", "de ms")]
    )
    def test_number_names_its_unit(self, unit, asked):
        question = Number("Combien ?", unit=(unit, unit), low=0, high=9, usual=3)

        assert f"un nombre entier {asked}, de 0 à 9" in question.asks

    @pytest.mark.parametrize("answer", ["inventory", " Inventory ", 2, "2"])
    def test_choice(self, answer):
        assert registry.find(OWNER).parse(answer) == "inventory"

    @pytest.mark.parametrize("answer", ["payments", 3, 0, True, None])
    def test_choice_refused(self, answer):
        with pytest.raises(BadAnswer, match=r"1\. orders\n.*2\. inventory"):
            registry.find(OWNER).parse(answer)

    @pytest.mark.parametrize("answer", [["a", "b", "c"], (2, 1, 3), ["2", "B", "c"]])
    def test_order(self, answer):
        assert registry.find(SIZES).parse(answer) == ("a", "b", "c")

    @pytest.mark.parametrize("answer", ["abc", ["a", "b"], ["a", "a", "b"], 3, ["a", "b", "d"]])
    def test_order_refused(self, answer):
        with pytest.raises(BadAnswer):
            registry.find(SIZES).parse(answer)

    @pytest.mark.parametrize("words", ["plutôt", "Plutot", " PLUTÔT "])
    def test_certainty(self, words):
        assert certainty_of(words) is Certainty.RATHER

    @pytest.mark.parametrize("words", ["sûr", "", None, 2])
    def test_certainty_refused(self, words):
        with pytest.raises(BadAnswer, match=r"au hasard.*plutôt.*certain"):
            certainty_of(words)


class TestGap:
    @pytest.mark.parametrize(
        ("id", "answer", "measure", "gap"),
        [
            (SUM, 6, 6, Gap.RIGHT),
            (SUM, 5, 6, Gap.NEAR),
            (SUM, 4, 6, Gap.FAR),
            (RATE, 1_000, 3_000, Gap.NEAR),
            (RATE, 1_000, 3_001, Gap.FAR),
            (RATE, 1, 0, Gap.FAR),
            (OWNER, "orders", "inventory", Gap.FAR),
            (SIZES, ("a", "b", "c"), ("a", "b", "c"), Gap.RIGHT),
            (SIZES, ("b", "a", "c"), ("a", "b", "c"), Gap.FAR),
        ],
    )
    def test_is_judged_by_the_measure(self, id, answer, measure, gap):
        assert made(id, answer, measure=measure).gap is gap


class TestIndicators:
    """As Caseine's plugin computes them."""

    def test_lucidity(self):
        sure, rather, random = Certainty.SURE, Certainty.RATHER, Certainty.RANDOM

        assert lucidity([(sure, RIGHT), (rather, RIGHT)]) == 80
        assert lucidity([(sure, WRONG), (rather, WRONG)]) == -80
        assert lucidity([(sure, RIGHT), (rather, WRONG), (random, WRONG)]) == 20
        assert lucidity([(random, RIGHT)]) == 0
        assert lucidity([]) is None

    def test_declared_ignorance(self):
        assert declared_ignorance([Certainty.RANDOM, Certainty.SURE]) == 0.5
        assert declared_ignorance([]) is None


class TestLearner:
    def test_last_bet_before_the_measure_counts(self, capsys):
        """What comes after is refused, kindly; a later measure is shown beside the sealed bet."""
        bet(SUM, 3, "plutôt")
        bet(SUM, 4, "certain")
        settle(SUM, 6)
        bet(SUM, 6, "certain")
        settle(SUM, 7)

        told = zoo.with_spaces(capsys.readouterr().out)
        assert (bet_on(SUM).answer, bet_on(SUM).measure, bet_on(SUM).latest) == (4, 6, 7)
        assert "un pari vient avant" in told
        assert "Cette fois, la mesure a donné 7 pièces." in told

    def test_mistake_loses_nothing(self):
        bet(SUM, 3, "plutôt")
        for arguments in [(SUM, "trois", "plutôt"), (SUM, 4, "sûr"), (SUM, 4)]:
            with pytest.raises(BadAnswer):
                bet(*arguments)

        assert (bet_on(SUM).answer, bet_on(SUM).certainty) == (3, "plutôt")

    def test_unknown_question(self):
        """The ones of the chapter are named."""
        with pytest.raises(registry.UnknownBet, match=r"ch90\.sum"):
            bet("ch90.sun")
        with pytest.raises(registry.UnknownBet):
            settle("nonsense", 1)

    def test_passed_by_is_said_once(self, capsys):
        settle(SUM, 6)
        settle(SUM, 6)

        assert capsys.readouterr().out.count("Vous n’avez pas parié") == 1

    def test_without_a_front_end_it_tells_how(self, capsys):
        bet(OWNER)

        told = zoo.with_spaces(capsys.readouterr().out)
        assert "2. inventory" in told
        assert 'bet("ch90.owner", 1, "plutôt")' in told
        assert "Pas encore de pari" in told

    def test_full_disk(self, monkeypatch, capsys):
        """Said, and the bet is kept as long as the kernel."""
        monkeypatch.setattr(logbook, "record", _no_space)
        monkeypatch.setattr("workbook.bets.book._UNWRITTEN", [])
        bet(SUM, 3, "plutôt")
        settle(SUM, 6)

        assert "libérez de la place" in capsys.readouterr().out
        assert bet_on(SUM).gap is Gap.FAR

    def test_torn_or_strange_records_are_passed_over(self, path):
        bet(SUM, 3, "plutôt")
        strange = [
            {"answer": "x", "certainty": "certain"},
            {"answer": 4},
            {"answer": 4, "certainty": 1},
        ]
        with path.open("a") as file:
            for details in strange:
                file.write(json.dumps({"kind": "bet", "exercise": SUM, **details}) + "\n")
            file.write('{"kind": "bet", "exercise": "ch90.gone", "answer": 1}\n{"kind": 3')

        assert my_bets()[SUM].answer == 3

    def test_progress(self):
        """A row a chapter that asks for bets; what was sure and wrong is called back."""
        bet(SUM, 1, "certain")
        bet(OWNER, 2, "plutôt")
        bet(SIZES, (1, 2, 3), "au hasard")
        for id, measure in ((SUM, 6), (OWNER, 2), (SIZES, ("a", "b", "c"))):
            settle(id, measure)
        table = progress()

        (tally,) = table.bets.tallies.values()
        assert [zoo.with_spaces(cell) for cell in tally.cells()] == [
            *("3 sur 4", "1 sur 3", "1", "−20", "33 %")
        ]
        for text in (repr(table), table._repr_html_()):
            assert "Combien font deux fois trois" in text
            assert "Ignorance déclarée" in text


def _no_space(*_, **__):
    raise OSError(28, "No space left on device")


class TestForm:
    """The widgets themselves; the browser presses them in tests/browser."""

    @pytest.fixture
    def kept(self):
        return []

    def form(self, bet, kept):
        def keep(answer, certainty):
            kept.append((bet.question.parse(answer), certainty_of(certainty)))
            return "Enregistré."

        return BetForm(bet, keep)

    def test_number(self, kept):
        form = self.form(Bet(SUM, registry.find(SUM)), kept)
        form._button.click()
        assert "Il manque votre réponse" in form._status.value
        form._field.value = "4"
        form._button.click()
        assert "au hasard" in form._status.value
        _press(form._certainty, "plutôt")
        _press(form._certainty, "certain")
        form._button.click()

        assert kept == [(4, Certainty.SURE)]
        assert form._button.description == "Changer mon pari"

    def test_order_is_that_of_the_presses(self, kept):
        """Pressed again, an option leaves, and the others move up."""
        form = self.form(Bet(SIZES, registry.find(SIZES)), kept)
        for option in ("b", "a", "c", "b", "b"):
            _press(form._field, option)

        assert form._field.picked == ["a", "c", "b"]
        assert [b.description for b in form._field._buttons.values()] == ["3. b", "1. a", "2. c"]

    def test_shows_the_bet_already_made(self, kept):
        form = self.form(made(OWNER, "inventory"), kept)

        assert form._field.picked == ["inventory"]
        assert form._certainty.picked == ["certain"]


def _press(switches, option):
    button = switches._buttons[option]
    button.value = not button.value


class TestPicture:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize(
        "bet",
        [
            (SUM, 3, 6),
            (SUM, 6, 6),
            (SUM, 3, 25),
            (RATE, 10, 1_200),
            (RATE, 10, 0),
            (OWNER, "orders", "inventory"),
            (SIZES, ("b", "a", "c"), ("a", "b", "c")),
        ],
    )
    def test_stays_on_the_page(self, bet, theme):
        """Bet and measure, even out of bounds, are written wholly on it."""
        id, answer, measure = bet
        picture = compare(made(id, answer, measure=measure), theme)
        labels = [label for label in picture._scene.labels if label.text]

        assert all(label.box.left >= 0 for label in labels)
        assert all(label.box.right <= picture._scene.width for label in labels)
        assert picture.png.startswith(b"\x89PNG")

    def test_order_without_a_bet(self):
        """One column stands at the left, its words as large as they can be, and on the page."""
        options = tuple(f"{n}, une réponse d’une cinquantaine de lettres ou presque" for n in "abc")
        question = Ordering("Dans quel ordre ?", options, usual=options)
        scene = compare(Bet("ch90.long", question, measure=options, latest=options))._scene
        answers = [label for label in scene.labels if "réponse" in label.text]

        assert len(answers) == len(options)
        assert all(label.box.left < 100 for label in answers)
        assert all(label.box.right <= scene.width for label in answers)
        assert not any("…" in label.text for label in answers)

    def test_axis_counts_whole_things(self):
        """There is no half lamp."""
        question = Number("Combien ?", ("lampe", "lampes"), low=0, high=2, usual=1)
        bet = Bet("ch90.lamps", question, 1, Certainty.SURE, 2, 2)
        marks = {label.text for label in compare(bet)._scene.labels}

        assert {"0", "1", "2"} <= marks
        assert "0,5" not in marks

    def test_sentence_holds_no_figure(self):
        """nbval compares it: bet and measure stand in measured columns only."""
        one, other = (compare(made(SUM, 1, measure=n)).words for n in (5, 6))

        assert one.sentence == other.sentence
        assert '<td class="measured"' in one.html()


KERNEL_CELLS = [
    "from workbook import bet, settle",
    f'bet("{SUM}")',
    f'bet("{SUM}", 3, "certain")',
    f'settle("{SUM}", 6)',
    f'settle("{OWNER}", "inventory")',
    f'bet("{OWNER}", "personne", "certain")',
]


@pytest.fixture(scope="module")
def cells(tmp_path_factory):
    import nbformat
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("kernel")
    made = [nbformat.v4.new_code_cell(source) for source in KERNEL_CELLS]
    notebook = nbformat.v4.new_notebook(cells=made)
    options = {"allow_errors": True, "timeout": 120, "config": zoo.over_files_config()}
    client = NotebookClient(notebook, **options)
    environment = zoo.python_environment(
        WORKBOOK_COURSE="small_course", WORKBOOK_PROGRESS=str(folder / "progress.jsonl")
    )
    client.execute(env=environment, cwd=str(folder))
    return [cell.outputs for cell in client.nb.cells]


class TestKernel:
    """A real kernel, no front end: neither blocked nor failing."""

    def test_measure_closes_the_form(self, cells):
        """Its widget is gone, and the receipt under it says so; the record travels with it."""
        form, receipt = cells[1]

        assert set(form["data"]) == {"text/plain", "text/html"}
        assert "est scellé" in receipt["data"]["text/plain"]
        assert receipt["data"][RECORD][0]["answer"] == 3

    def test_comparison(self, cells):
        picture, words, remark, why = (output["data"] for output in cells[3])

        assert "image/png" in picture
        assert "workbook-words" in words["text/html"]
        assert [entry["kind"] for entry in remark[RECORD]] == ["bet", "measure"]
        assert "facultative" in why["text/plain"]

    def test_passed_by(self, cells):
        """Nothing is asked of who has not bet."""
        *_, remark = cells[4]

        assert len(cells[4]) == 3
        assert "Vous n’avez pas parié" in remark["data"]["text/plain"]

    def test_bad_answer_is_one_message(self, cells):
        (error,) = cells[5]

        assert error["ename"] == "BadAnswer"
        assert len(error["traceback"]) == 1


def learner(folder, seed, twin=None):
    """A logbook as a learner's own, in their folder."""
    drawn = random.Random(seed if twin is None else twin)
    lines = []
    for id, question in registry.all_bets().items():
        certainty = drawn.choice([str(degree) for degree in Certainty])
        about = {"time": f"2026-11-26T10:{seed:02}:00+00:00", "exercise": id}
        lines.append(
            {**about, "kind": "bet", "answer": _drawn(question, drawn), "certainty": certainty}
        )
        lines.append({**about, "kind": "measure", "measure": question.usual})
    lines.append({**about, "kind": "why", "why": "=1+1 <script>alert(1)</script>"})
    path = folder / ".workbook" / "progress.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def _drawn(question, drawn):
    if isinstance(question, Number):
        return drawn.choice([question.low, question.usual, question.high])
    if isinstance(question, Choice):
        return drawn.choice(question.options)
    return drawn.sample(question.options, len(question.options))


class TestClass:
    @pytest.fixture
    def folder(self, tmp_path):
        """Thirty learners, a copy, a torn line, and what other programs left."""
        folder = tmp_path / "class"
        for seed in range(30):
            torn = learner(folder / f"learner {seed:02}", seed)
        torn.write_text(torn.read_text() + '\n{"kind": "be')
        copy = learner(folder / "someone", 3)
        assert copy.read_text() == (folder / "learner 03/.workbook/progress.jsonl").read_text()
        (folder / "notes.jsonl").write_text("bonjour\n")
        (folder / "broken.ipynb").write_text("{")
        (folder / "list.ipynb").write_text('{"cells": [3]}')
        (folder / "photo.png").write_bytes(b"\x89PNG")
        return folder

    def test_is_collected(self, folder):
        """What cannot be read is told; a copy counts once."""
        found = collect(folder)
        told = zoo.with_spaces("\n".join(found.remarks))

        assert len(found.bets) == 30
        assert len(found.on(SUM)) == 30
        assert "someone : les mêmes paris, aux mêmes secondes, que learner 03" in told
        assert "learner 29/.workbook/progress.jsonl : 1 ligne illisible." in told
        for name in ("notes.jsonl", "broken.ipynb", "list.ipynb"):
            assert f"{name} : " in told

    def test_notebook_and_logbook_are_one_learner(self, folder):
        """The same bets in both count once; the notebook adds what the logbook lacks."""
        logbook_alone = collect(folder).bets["learner 00"]
        known = [entry for bet in logbook_alone.values() for entry in bet.entries()]
        output = {"output_type": "display_data", "metadata": {}, "data": {RECORD: known}}
        notebook = {"cells": [{"outputs": [output, {"output_type": "stream"}]}, {}]}
        (folder / "learner 00/07.ipynb").write_text(json.dumps(notebook))
        (folder / "learner 30").mkdir()
        (folder / "learner 30/07.ipynb").write_text(json.dumps(notebook))
        found = collect(folder)

        assert found.bets["learner 00"] == logbook_alone
        assert found.bets["learner 30"] == logbook_alone

    def test_page(self, folder, tmp_path, capsys):
        """No name, no script, no address to fetch; most sure and wrong first."""
        assert main(["bets", str(folder), "--out", str(tmp_path / "out")]) == 0
        page = (tmp_path / "out/paris.html").read_text(encoding="utf-8")

        assert "30 apprenants" in page
        assert "learner" not in page
        assert "<script" not in page
        assert "http" not in page
        assert page.count("<section>") == 5
        assert "30 apprenants avec des paris" in capsys.readouterr().out
        worst = max(registry.all_bets(), key=lambda id: _sure_and_wrong(folder, id))
        assert page.index(registry.find(worst).text) < page.index("</section>")

    def test_csv(self, folder, tmp_path):
        """A line a bet; nothing a spreadsheet would run."""
        assert main(["bets", str(folder), "--out", str(tmp_path / "out")]) == 0
        text = (tmp_path / "out/paris.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))

        assert len(rows) == 30 * 4
        assert {row["pourquoi"][:2] for row in rows if row["pourquoi"]} == {"'="}

    def test_no_folder(self, tmp_path, capsys):
        assert main(["bets", str(tmp_path / "none")]) == 1
        assert "n’est pas un dossier" in capsys.readouterr().out

    def test_nothing_asked(self, capsys):
        assert main(["bets"]) == 1
        assert "--gift" in capsys.readouterr().out

    def test_nobody_bet(self, tmp_path, capsys):
        (tmp_path / "class").mkdir()

        assert main(["bets", str(tmp_path / "class"), "--out", str(tmp_path / "out")]) == 0
        assert "Aucun pari" in (tmp_path / "out/paris.html").read_text(encoding="utf-8")


def _sure_and_wrong(folder, id):
    return sum(bet.sure_and_wrong for bet in collect(folder).on(id))


class TestHistogram:
    def bars(self, id, *answers):
        bars = histogram(registry.find(id), [made(id, answer) for answer in answers])
        return {zoo.with_spaces(bar.label): bar.total for bar in bars}

    def test_every_answer_of_a_short_axis(self):
        assert self.bars(SUM, 3, 3, 10) == {str(n): {3: 2, 10: 1}.get(n, 0) for n in range(11)}

    def test_orders_of_magnitude(self):
        bars = self.bars(RATE, 1, 2, 3, 999, 100_000)

        assert list(bars)[:3] == ["1 à 2", "3 à 9", "10 à 29"]
        assert list(bars)[-1] == "100 000"
        assert sum(bars.values()) == 5

    def test_long_axis(self):
        """Round intervals, the last one cut at the end of the axis."""
        question = Number("?", ("message", "messages"), 0, 200, usual=180)
        bars = histogram(
            question, [Bet("x", question, n, Certainty.SURE) for n in (0, 19, 20, 200)]
        )

        labels = [bar.label for bar in bars]
        assert (labels[0], labels[1], labels[-1]) == ("0 à 19", "20 à 39", "200")
        assert [bar.total for bar in bars if bar.total] == [2, 1, 1]

    def test_most_frequent_option_first(self):
        assert list(self.bars(OWNER, "inventory", "inventory", "orders")) == ["inventory", "orders"]


class TestQuiz:
    """The questions for an amphitheatre without our software."""

    def test_gift(self):
        """Moodle's own examples: {#low..high}, = and ~, pairs; control characters escaped."""
        text = exports.gift(
            {
                "ch01.a": Number("Combien : 2 ?", ("a", "a"), 0, 9, usual=5, near=1),
                "ch01.b": Choice("Qui ?", ("{x}", "y"), usual="{x}"),
                "ch02.c": Ordering("Ordre ?", ("a", "b", "c"), usual=("c", "a", "b")),
            }
        )

        assert "::ch01.a::[plain]Combien \\: 2 ? {#4..6}" in text
        assert "=\\{x\\}\n~y\n" in text
        assert "=1. -> c\n=2. -> a\n=3. -> b\n" in text
        assert text.count("$CATEGORY: ") == 2

    def test_wooclap(self):
        """Ten columns; each question is followed by a poll on the certainty."""
        rows = list(csv.reader(io.StringIO(exports.wooclap(registry.all_bets()))))

        assert rows[0] == ["Type", "Title", "Correct", *["Choice"] * 7]
        assert {len(row) for row in rows} == {10}
        assert [row[0] for row in rows[1::2]] == ["GuessNumber", "MCQ", "Sorting", "GuessNumber"]
        assert rows[1][2] == "6"
        assert rows[3][2:5] == ["2", "orders", "inventory"]
        assert rows[5][2:6] == ["", "a", "b", "c"]
        assert [row[3:6] for row in rows[2::2]] == [["au hasard", "plutôt", "certain"]] * 4

    def test_files(self, tmp_path):
        assert main(["bets", "--gift", "--wooclap", "--out", str(tmp_path)]) == 0
        assert {p.name for p in tmp_path.iterdir()} == {"paris.gift.txt", "paris.wooclap.csv"}
