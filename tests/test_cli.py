"""The command line, as typed."""

import os
import shutil
import subprocess
import sys

import pytest
import zoo

from workbook.cli import main


@pytest.fixture(autouse=True)
def small_course(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBOOK_COURSE", "small_course")
    monkeypatch.setenv("WORKBOOK_PROGRESS", str(tmp_path / "progress.jsonl"))


def typed(*arguments, **environment):
    """`python -m workbook …` in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "workbook", *arguments],
        env=zoo.python_environment(**environment),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def test_alone_it_lists_its_commands(capsys):
    assert main([]) == 2

    told = capsys.readouterr().out
    for word in ("usage :", "build", "progress", "doctor"):
        assert word in zoo.with_spaces(told)


@pytest.mark.parametrize("arguments", [["nonsense"], ["build", "--nonsense"]])
def test_mistyped_command(arguments, capsys):
    """One clear line in French, status 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert "Commande incomprise" in capsys.readouterr().err


def test_build_check_tells_file_and_line(tmp_path, capsys):
    shutil.copytree(zoo.TESTS / "small_course", tmp_path / "course")
    path = tmp_path / "course/ch90/90_totaux.py"
    path.write_text(path.read_text().replace("    ### END SOLUTION", "", 1))

    assert main(["build", "--check", "--root", str(tmp_path)]) == 1
    assert "course/ch90/90_totaux.py:12" in capsys.readouterr().out


def test_progress(capsys):
    assert main(["progress", "ch90"]) == 0
    assert "Le total d’une commande" in capsys.readouterr().out


def test_speaks_french_in_a_bare_locale():
    """A container's C locale must not turn « é » into an exception."""
    done = typed("progress", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")

    assert done.returncode == 0, done.stderr
    assert "Réussi" in done.stdout or "à faire" in done.stdout


class TestDoctor:
    @pytest.mark.needs("rabbitmq")
    def test_all_is_well(self):
        """Python, packages, memory, ports, and a broker that really started."""
        done = typed("doctor")

        assert done.returncode == 0, done.stdout + done.stderr
        for word in ("Python", "flask", "Mo", "127.0.0.1", "RabbitMQ"):
            assert word in done.stdout

    def test_says_what_to_do_without_a_broker(self):
        """A broker that is named and does not answer: status 1 and advice."""
        done = typed("doctor", RABBITMQ_URL="amqp://nobody:nothing@127.0.0.1:9/")

        assert done.returncode == 1
        assert "✗ RabbitMQ" in done.stdout
        assert "→" in done.stdout

    def test_says_which_packages_are_missing(self, tmp_path):
        """In a bare Python the doctor still speaks."""
        environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        done = subprocess.run(
            [sys.executable, "-S", "-m", "workbook", "doctor"],
            env=environment | {"PYTHONPATH": str(zoo.ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.returncode == 1
        assert "flask" in done.stdout
        assert "make lab" in done.stdout
