"""The checks in a real kernel, as a learner meets them."""

import subprocess
import sys
import time

import pytest
import zoo

SLOW = "import time\ndef order_total(lines):\n    time.sleep(60)\n"
CHECK = 'check("ch90.total", order_total)'


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernel")
    opened = zoo.Kernel(folder, folder / "progress.jsonl", WORKBOOK_EXERCISES="course.exercises")
    opened.run("import os; under_pytest = os.environ.pop('PYTEST_CURRENT_TEST')")
    seen = opened.run("from workbook import check, hint, progress, solution")
    assert not seen.errors
    yield opened
    opened.close()


def test_card_is_displayed_and_nothing_raised(kernel):
    kernel.run("def order_total(lines):\n    return 12")

    seen = kernel.run(CHECK)

    assert seen.outcome == "incorrect"
    assert seen.errors == []
    assert len(seen.texts) == 1


def test_line_of_the_cell_is_shown(kernel):
    kernel.run("def order_total(lines):\n    return lines.total")

    seen = kernel.run(CHECK)

    assert seen.outcome == "error"
    assert "return lines.total" in seen.text


def test_infinite_loop_is_interrupted(kernel):
    """A kernel runs cells in its main thread: the alarm reaches the learner's loop."""
    kernel.run("def order_total(lines):\n    while True:\n        pass")

    seen = kernel.run(CHECK)

    assert seen.outcome == "error"
    assert "while True" in seen.text or "pass" in seen.text


def test_stop_button_ends_a_check(kernel):
    """An interrupt stops the cell at once, and the next check works."""
    kernel.run(SLOW)
    sent = kernel.client.execute(f"print('ready')\n{CHECK}", stop_on_error=False)
    deadline = time.monotonic() + 30
    while kernel._next(sent, deadline)["msg_type"] != "stream":
        assert time.monotonic() < deadline
    kernel.interrupt()
    while (message := kernel._next(sent, deadline))["msg_type"] != "error":
        assert time.monotonic() < deadline
    kernel.run("def order_total(lines):\n    return sum(p * n for p, n in lines)")

    assert message["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.run(CHECK).outcome == "passed"


def test_progress_survives_and_is_a_table(kernel):
    seen = kernel.run("progress()")

    assert "Chapitre 90" in seen.text
    assert "3/3" in seen.text


def test_under_pytest_the_cell_fails_without_a_traceback(kernel):
    """nbval sees an error; the learner's instructor reads the card, not our frames."""
    kernel.run("os.environ['PYTEST_CURRENT_TEST'] = under_pytest")
    kernel.run("def order_total(lines):\n    return 12")

    seen = kernel.run(CHECK)
    kernel.run("os.environ.pop('PYTEST_CURRENT_TEST')")

    assert seen.outcome == "incorrect"
    assert seen.errors[0].startswith("CheckFailed")
    assert "judge.py" not in seen.errors[0]


def test_import_costs_little(kernel):
    """`from workbook import check` must not drag in what a learner has not asked for."""
    heavy = {"nbformat", "jsonschema", "jupytext", "matplotlib", "networkx", "pika", "requests"}
    source = f"import sys, workbook.checks; print(sorted({heavy} & set(sys.modules)))"

    told = subprocess.check_output(
        [sys.executable, "-c", source], env=zoo.python_environment(), text=True
    )

    assert told.strip() == "[]"
