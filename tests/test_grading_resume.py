"""A grader killed at any moment loses nothing: what is graded stays, the rest is graded later."""

import json
import signal
import subprocess
import sys

import graded
import hostile
import psutil
import pytest
from basics import eventually

pytestmark = pytest.mark.timeout(900)
LEARNERS = [f"learner-{number}" for number in range(4)]


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_COURSE", "small_course")
        yield graded.course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def class_(source, tmp_path):
    for name in LEARNERS:
        notebook = graded.answered(source, total=hostile.RIGHT)
        graded.hand_in(tmp_path / "class" / name, notebook)
    return tmp_path / "class"


def command(class_, root, *options):
    out = class_.parent / "report"
    start = [sys.executable, "-m", "workbook", "grade", class_, "--out", out, "--root", root]
    return [*start, "--jobs", "2", *options]


def results(class_):
    folder = class_.parent / "report" / "results"
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*.json")}


def is_of_this_run(process, run):
    try:
        return process.environ().get("WORKBOOK_PATIENCE") == run
    except psutil.Error:
        return False


@pytest.mark.parametrize("moment", [0, 2], ids="after {} results".format)
def test_killed_and_resumed(class_, source, moment):
    """`kill -9` before, between and after results; then the same command ends the work."""
    run = f"1.000{moment}7"  # a variable that is passed on to kernels: it marks this run's
    environment = graded.environment(WORKBOOK_LAUNCHER="subprocesses", WORKBOOK_PATIENCE=run)
    first = subprocess.Popen(
        command(class_, source.root), env=environment, stdout=subprocess.DEVNULL
    )
    eventually(lambda: _graders_child(first) if not moment else len(results(class_)) >= moment, 120)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = results(class_)
    for path in (class_.parent / "report" / "results").glob("[!.]*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["learner"] in LEARNERS
    eventually(lambda: not [p for p in psutil.process_iter() if is_of_this_run(p, run)], 30)

    done = subprocess.run(
        command(class_, source.root), env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert {name: at for name, at in results(class_).items() if name in kept} == kept
    grades = json.loads((class_.parent / "report" / "grades.json").read_text(encoding="utf-8"))
    assert [(one["learner"], one["points"]) for one in grades["learners"]] == [
        (name, 3) for name in LEARNERS
    ]


def _graders_child(process):
    return psutil.Process(process.pid).children()


def test_changed_submission_is_graded_anew(class_, source):
    """And only that one."""
    environment = graded.environment(WORKBOOK_LAUNCHER="subprocesses")
    options = {"env": environment, "capture_output": True, "text": True, "check": True}
    for name in LEARNERS[1:]:
        (class_ / name / f"{graded.CHAPTER}.ipynb").write_text(
            json.dumps(graded.notebook(source)), encoding="utf-8"
        )
    subprocess.run(command(class_, source.root), **options)
    before = results(class_)
    graded.hand_in(class_ / LEARNERS[0], graded.answered(source, total=hostile.WRONG))
    done = subprocess.run(command(class_, source.root), **options)
    after = results(class_)

    changed = [name for name in after if after[name] != before[name]]
    assert len(changed) == 1
    assert changed[0].startswith(LEARNERS[0])
    assert "3 déjà notés" in done.stdout
