"""The wheel of lab 5: every incident lived once in a real shop, by an expert and by two others."""

import re
import threading
import time

import lab5_operators as operators
import pytest

from course.lab5 import exam as exams
from course.lab5.causes import CAUSES
from course.lab5.customers import CYCLE, MAIL, PROMISES, VITAL, Visit, Window, wanted
from course.lab5.exam import Exam
from course.lab5.incidents import INCIDENTS, LOGS, MAP, METRICS, TRACES
from course.lab5.score import Measured, Report, Truth, scored
from course.lab5.stage import SERVICES, open_shop
from course.lab5.wheel import Wheel, corrected, drawn
from workbook import logbook
from workbook.errors import WorkbookError
from workbook.waiting import patient, until

PAUSE = 1.0  # seconds between two visits of a customer: enough to see, little to compute
RESTART_HELPS = {"liaison": True, "disjoncteur": False}  # and whether it repairs as well
EVERYTHING = Measured(True, True, True)
DOCUMENT = re.compile(
    r"https://(?!github\.com/)\S+|https://github\.com(/[^/]+){2}/(blob|issues)/\S+"
)
ALL = pytest.mark.parametrize("name", INCIDENTS)
SAMPLE = ("contrat", "prix", "quota")  # a release, data, a limit; the others by --every-incident


@pytest.fixture
def _sampled(request):
    """Stops here, unless this incident is of the sample or all of them are wanted."""
    wanted = request.config.getoption("--every-incident")
    if not wanted and request.node.callspec.params["name"] not in SAMPLE:
        pytest.skip("make test ARGS=--every-incident")


def truth(**changes):
    known = {
        "what": ("commande", "refus"),
        "since": 1_000.0,
        "service": "orders",
        "edge": ("orders", "payments"),
        "cause": "quota",
        "shown": True,
    }
    return Truth(**{**known, **changes})


def perfect(**changes):
    said = {
        "what": "refus",
        "since": 1_005.0,
        "service": "orders",
        "edge": ("orders", "payments"),
        "cause": "quota",
        "trace": "f" * 32,
    }
    return Report(**{**said, **changes})


class TestScore:
    def test_everything(self):
        """Three, four, four, four, five."""
        score = scored(perfect(), truth(), EVERYTHING)

        assert list(score.by_title().values()) == [3, 4, 4, 4, 5]
        assert (score.points, score.total) == (20, 20)

    def test_nothing(self):
        """Who says nothing and does nothing has nothing."""
        assert scored(Report(), truth(shown=False), Measured()).points == 0

    @pytest.mark.parametrize(
        ("changes", "lost"),
        [
            ({"what": "courriel"}, 2),
            ({"since": 1_050.0}, 1),
            ({"service": "payments"}, 2),
            ({"edge": ("payments", "orders")}, 2),
            ({"edge": None}, 2),
            ({"cause": "export"}, 3),
        ],
    )
    def test_each_word_counts_alone(self, changes, lost):
        assert scored(perfect(**changes), truth(), EVERYTHING).points == 20 - lost

    def test_nodes_of_the_map(self):
        """An edge may be told as the map names its nodes."""
        said = perfect(edge=("exchange:shop.events", "queue:notifications.orders"))
        edge = ("shop.events", "notifications.orders")

        assert scored(said, truth(edge=edge), EVERYTHING).points == 20


class TestWindow:
    def visits(self, **broken):
        return [Visit(n, promise, promise not in broken) for n, promise in enumerate(CYCLE)]

    def test_good(self):
        assert Window(self.visits()).served

    def test_comfort_does_not_count(self):
        assert Window(self.visits(rayon=True)).served

    @pytest.mark.parametrize("promise", ["catalogue", "commande", "refus"])
    def test_vital(self, promise):
        window = Window(self.visits(**{promise: True}))

        assert not window.served
        assert window.hurt == [promise]

    def test_no_visit_proves_nothing(self):
        assert not Window([]).served


class TestCatalogue:
    def test_enough(self):
        assert len(INCIDENTS) >= 12

    @ALL
    def test_tells_all(self, name):
        """Where it shows, where it happened, what it breaks: every text a correction needs."""
        incident = INCIDENTS[name]

        assert {kind for kind, _ in incident.signals} <= {LOGS, METRICS, TRACES, MAP}
        assert incident.signals
        assert DOCUMENT.fullmatch(incident.link)
        assert incident.cause in CAUSES
        assert set(incident.breaks) <= set(VITAL)
        assert all(place.service in SERVICES for place in incident.places)

    def test_one_cause_each(self):
        assert set(CAUSES) == set(INCIDENTS)

    def test_every_promise_is_asked_for(self):
        """What customers do, turn after turn, covers what they are promised at once."""
        asked = {wanted(turn).promise for turn in range(len(CYCLE))}

        assert asked | {"courriel", "débit"} == set(PROMISES)

    def test_same_seed_same_incident(self):
        draws = [[drawn(seed) for seed in range(40)] for _ in range(2)]

        assert draws[0] == draws[1]
        assert {draw.incident.name for draw in draws[0]} > {"relais", "quota", "instance"}

    def test_correction(self):
        told = repr(corrected(drawn(3, ["contrat"])))

        assert "CrowdStrike" in told
        assert "orders → products" in told


@pytest.fixture(scope="module")
def shop():
    shop = open_shop()
    yield shop
    shop.stop()


@pytest.mark.needs("rabbitmq")
@pytest.mark.timeout(600)
class TestLived:
    @ALL
    @pytest.mark.usefixtures("_sampled")
    def test_incident(self, shop, name):
        """It hurts; who does nothing relieves nobody; an expert has twenty."""
        with Wheel(shop, 3, among=[name], pause=PAUSE, quick=True) as wheel:
            operators.detect(wheel)
            assert wheel.planted
            assert not wheel.relieved(seconds=0)

            score = operators.expert(wheel)

        assert score.points == 20, (score, wheel.wrong)

    @pytest.mark.parametrize("name", ["contrat", *RESTART_HELPS])
    @pytest.mark.usefixtures("_sampled")
    def test_restart_everything(self, shop, name):
        """It earns what it does: nothing against a wrong program, a respite, or the repair."""
        with Wheel(shop, 3, among=[name], pause=PAUSE, quick=True) as wheel:
            operators.detect(wheel)
            operators.restart_everything(wheel)
            helped = name in RESTART_HELPS and wheel.relieved()
            score = wheel.finish()

        assert score.by_title()["soulagé"] == (4 if helped else 0)
        assert score.by_title()["réparé"] == (5 if RESTART_HELPS.get(name) else 0)
        assert score.points == sum(score.by_title()[part] for part in ("soulagé", "réparé"))

    def test_hurt_is_remembered(self, shop):
        """Once the relay is back every mail comes, late: its customers were hurt all the same."""
        with Wheel(shop, 3, among=["relais"], pause=PAUSE, quick=True) as wheel:
            operators.detect(wheel)
            wheel.roll_back("orders")
            assert until(lambda: not operators.broken(wheel, [MAIL]), patient(20), every=0.5)

            assert wheel.relieved()

    def test_nothing_is_left_behind(self, shop):
        """Another spin, or a stop in the middle: the shop is as it was, and no customer in it."""
        first, second = (
            Wheel(shop, 3, among=[name], pause=PAUSE, quick=True) for name in ("prix", "verrou")
        )
        first.spin()
        second.spin()
        assert not first.planted
        assert second.planted

        second.stop()

        assert not second.planted
        assert not any(service.is_learners for service in shop.services.values())
        assert not any(thread.name.startswith("customer") for thread in threading.enumerate())

    def test_practice_says_and_exam_does_not(self, shop):
        practice, exam = (Wheel(shop, 3, exam=exam) for exam in (False, True))

        assert practice.hint().startswith("Regardez")
        with pytest.raises(WorkbookError, match="examen"):
            exam.hint()
        with pytest.raises(WorkbookError, match="examen"):
            exam.correction()

    def test_both_clocks(self, shop):
        """The logs tell the hour of Greenwich, the log of deployments that of the wall."""
        now = int(time.time())
        told = [time.strftime("%H:%M:%S", clock(now)) for clock in (time.gmtime, time.localtime)]

        assert [Wheel(shop, 3).report(since=text).since for text in told] == [now, now]

    @pytest.mark.parametrize(
        ("said", "words"),
        [
            ({"quand": "14:03:27"}, "ne connaît pas"),
            ({"what": "tout"}, "les réponses possibles"),
            ({"cause": "le réseau"}, "les réponses possibles"),
            ({"since": "deux heures"}, "n’est pas une heure"),
        ],
    )
    def test_report_that_makes_no_sense(self, shop, said, words):
        with pytest.raises(WorkbookError, match=words):
            Wheel(shop, 3).report(**said)


class Lived:
    """A wheel that was lived elsewhere: what an exam asks of one."""

    def __init__(self, shop, seed, *, among, exam):
        assert exam
        self.seconds = {"détecter": 12.34, "soulager": None}

    def spin(self):
        """Nothing turns."""

    def score(self):
        return scored(perfect(), truth(), Measured(relieved=True))


@pytest.fixture
def empty_logbook(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))
    monkeypatch.setattr(exams, "Wheel", Lived)


@pytest.mark.usefixtures("empty_logbook")
class TestExam:
    def sit(self, exam, count=3):
        for _ in range(count):
            exam.begin()
            exam.end()
        return exam

    def test_receipt(self):
        """Three incidents, their parts, their times, a seal that holds."""
        receipt = self.sit(Exam(None, 7)).receipt()

        assert receipt.points == 3 * 15
        assert receipt.is_sealed
        assert "détecté en" in repr(receipt)
        assert "12 s" in repr(receipt)

    def test_three_different_ones(self):
        names = [name for name, _ in Exam(None, 7)._drawn]

        assert len(set(names)) == 3
        assert names == [name for name, _ in Exam(None, 7)._drawn]
        assert names != [name for name, _ in Exam(None, 8)._drawn]

    def test_taken_up_another_day(self):
        """What was ended stays; what was left half-way begins again, and the receipt says so."""
        exam = self.sit(Exam(None, 7), 1)
        exam.begin()

        receipt = self.sit(Exam(None, 7), 2).receipt()

        assert receipt._starts == [1, 2, 1]

    def test_says_nothing_before_the_end(self):
        exam = self.sit(Exam(None, 7), 2)

        assert "15" not in repr(exam)
        for ask in (exam.receipt, lambda: exam.correction(1), lambda: exam.save(1, "x.html")):
            with pytest.raises(WorkbookError, match="après le dernier"):
                ask()

    def test_nothing_to_end_nor_to_begin(self):
        exam = Exam(None, 7)
        with pytest.raises(WorkbookError, match="Aucun incident"):
            exam.end()
        self.sit(exam)
        with pytest.raises(WorkbookError, match="sont finis"):
            exam.begin()

    def test_changed_by_hand(self):
        """A figure corrected in the logbook breaks the seal."""
        exam = self.sit(Exam(None, 7))
        file = logbook.path()
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"soulagé": 4', '"soulagé": 40', 1), encoding="utf-8")

        assert not exam.receipt().is_sealed
        assert "ROMPU" in repr(exam.receipt())
