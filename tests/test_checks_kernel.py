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
    opened = zoo.Kernel(folder, folder / "progress.jsonl", WORKBOOK_COURSE="small_course")
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


@pytest.mark.parametrize(
    ("given", "outcome", "words"),
    [
        (", 12", "incorrect", "une valeur, 12 (de type «\u00a0int\u00a0»)"),
        (", [1, 2]", "incorrect", "et non une fonction"),
        ("", "not_attempted", 'check("ch90.total", order_total)'),
    ],
)
def test_value_in_place_of_the_function(kernel, given, outcome, words):
    """A result, or nothing, where a function is asked for: the learner is told what to write."""
    seen = kernel.run(f'check("ch90.total"{given})')

    assert seen.outcome == outcome
    assert words in seen.text
    assert 'check("ch90.total", order_total)' in seen.text


@pytest.mark.parametrize(
    ("line", "words"),
    [("input()", "saisie au clavier"), ("exit()", "se quitte par return"), ("quit()", "return")],
)
def test_what_would_stop_the_kernel_stops_the_answer(kernel, line, words):
    """No keyboard, no exit: an error of the answer's, and the kernel goes on."""
    kernel.run(f"def order_total(lines):\n    {line}")

    seen = kernel.run(CHECK)

    assert seen.outcome == "error"
    assert words in seen.text
    assert kernel.run("print(6 * 7)").text.strip() == "42"


def test_missing_name_says_which_cells_to_run(kernel):
    """Cells run out of order end in a NameError, which newcomers do not read."""
    kernel.run("def ask():\n    return order_of_alice")

    seen = kernel.run("ask()")
    typo = kernel.run("import json; json.dumps(orders_of_bob)")
    library = kernel.run("import string; exec('lost_name', vars(string))")

    assert seen.errors[0].startswith("NameError: name 'order_of_alice' is not defined")
    for name, shown in (("order_of_alice", seen), ("orders_of_bob", typo)):
        assert f"«\u00a0{name}\u00a0» n’existe pas encore" in shown.traceback
        assert "Run All Above" in shown.traceback
    assert "n’existe pas encore" not in library.traceback


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


SHOP = "from workbook import Shop\nshop = Shop.current()"


@pytest.mark.parametrize("above", ["# étape 2\n", "\n\n", "\u00a0"])
def test_magic_is_found_below_a_comment(kernel, above):
    """Comments, blanks and no-break spaces before `%%service` are no reason to speak English."""
    kernel.run(SHOP)

    seen = kernel.run(
        f"{above}%%service\u00a0mean --worker\nimport threading\nthreading.Event().wait()"
    )

    assert seen.errors == []
    assert "tourne" in seen.text
    kernel.run("shop.kill('mean')")


def test_magic_below_code_runs_no_older_service(kernel):
    """What cannot be done is said in French, and the cell's service is not an older one."""
    kernel.run(SHOP)
    kernel.run("%%service mean --worker\nimport threading\nthreading.Event().wait()")

    seen = kernel.run("size = 3\n%%service mean --worker\nprint(size)")
    services = kernel.run("print('mean' in shop.services)")

    assert "première ligne de sa cellule" in "".join(seen.errors)
    assert services.text.strip() == "False"
