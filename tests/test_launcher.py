"""The launcher: services are real processes, heard, signalled and ended; their errors are told."""

import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import psutil
import pytest
from basics import ROOT, eventually

from workbook.processes import run_folder
from workbook.processes.launcher import Launcher
from workbook.processes.output import LONGEST_LINE
from workbook.processes.process import LINES_KEPT
from workbook.processes.zygote import remove_run_folder

ENV = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "SERVICE_NAME": "probe", "PORT": "0"}
PATIENCE = 15

FOREVER = """
    import time
    print("ready", flush=True)
    while True:
        time.sleep(3600)
"""
PARENT = f"""
    import subprocess
    print(subprocess.Popen(["sleep", "3600"]).pid, flush=True)
    {FOREVER}"""
FLASK = """
    from flask import Flask
    app = Flask("probe")
"""

zygote_only = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")


def is_gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture(scope="module", params=["forked", "subprocesses"])
def launcher(request):
    if request.param == "zygote" and not hasattr(os, "fork"):
        pytest.skip("no fork here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKBOOK_LAUNCHER", request.param)
        launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.fixture
def zygote():
    """A launcher of the test's own, that it may break."""
    launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.fixture
def write(tmp_path):
    def write(source):
        file = tmp_path / f"service_{len(list(tmp_path.iterdir()))}.py"
        file.write_text(textwrap.dedent(source))
        return file

    return write


@pytest.fixture
def start(launcher, write):
    """Start a service from its source; it is killed at the end of the test."""
    started = []

    def start(source, **options):
        process = launcher.spawn("probe-1", write(source), ENV | options.pop("env", {}), **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait(PATIENCE)


def said(process, words):
    return lambda: any(words in line for line in process.lines)


class TestSpawn:
    def test_serves_flask(self, start):
        """A module that defines `app` listens on a free port and says which."""
        process = start(FLASK)

        line = eventually(lambda: next((x for x in process.lines if '"listening"' in x), None))
        assert json.loads(line)["port"] > 0
        assert process.returncode is None

    def test_gives_exactly_the_environment(self, start):
        """Nothing of the kernel's environment reaches a service."""
        process = start("import json, os; print('ENV', json.dumps(dict(os.environ)))")

        line = eventually(lambda: next((x for x in process.lines if x.startswith("ENV")), None))
        seen = json.loads(line.removeprefix("ENV"))
        assert {key: seen[key] for key in ENV} == ENV
        assert "PYTHONDONTWRITEBYTECODE" not in seen
        assert "PYTEST_CURRENT_TEST" not in seen

    def test_starts_in_the_folder(self, start, tmp_path):
        process = start("import os; print('in', os.getcwd())", cwd=tmp_path)

        assert process.wait(PATIENCE) == 0
        assert f"in {tmp_path}" in process.lines

    def test_hears_both_streams(self, start):
        """Standard output and error are one stream, in UTF-8 whatever the locale."""
        heard = []
        process = start(
            "import sys; print('reçu'); print('échec', file=sys.stderr)",
            on_line=lambda process, line: heard.append(line),
        )

        assert process.wait(PATIENCE) == 0
        assert heard == list(process.lines)
        assert {"reçu", "échec"} <= set(heard)

    def test_tells_the_end_after_the_last_line(self, start):
        """Whoever learns of a death can already read the last words."""
        seen = []
        process = start(
            "import sys; print('last words'); sys.exit(3)",
            on_exit=lambda process: seen.append((process.returncode, process.lines[-1])),
        )

        assert process.wait(PATIENCE) == 3
        assert eventually(lambda: seen) == [(3, "last words")]

    def test_shows_the_failing_line(self, start):
        """A traceback is the service's own: no frame of the helper."""
        process = start("def fail():\n    return 1 / 0\n\n\nfail()")

        assert process.wait(PATIENCE) not in (0, None)
        text = "\n".join(process.lines)
        assert "ZeroDivisionError" in text
        assert "1 / 0" in text
        assert "zygote" not in text

    def test_survives_an_observer_that_raises(self, start, launcher):
        process = start("print('one')", on_line=lambda process, line: 1 / 0)
        other = start("print('two')")

        assert process.wait(PATIENCE) == 0
        assert other.wait(PATIENCE) == 0
        assert "two" in other.lines

    @zygote_only
    def test_queues_while_preloading(self, zygote, write):
        """A spawn asked for before the helper is ready is served when it is."""
        process = zygote.spawn("probe-1", write("print('hello')"), ENV)

        assert process.wait(PATIENCE) == 0
        assert "hello" in process.lines

    @zygote_only
    def test_runs_the_code_as_it_is_now(self, zygote, tmp_path):
        """Another chassis on PYTHONPATH is the one that runs, not the preloaded one."""
        chassis = tmp_path / "services" / "chassis"
        chassis.mkdir(parents=True)
        (chassis.parent / "__init__.py").touch()  # else an installed `services` comes first
        (chassis / "__main__.py").write_text("import sys; print('my own', sys.argv[1:])")

        process = zygote.spawn("probe-1", "target", ENV | {"PYTHONPATH": str(tmp_path)})

        assert process.wait(PATIENCE) == 0
        assert list(process.lines) == ["my own ['target']"]


class TestSignals:
    def test_kill(self, start):
        process = start(FOREVER)
        eventually(said(process, "ready"))

        process.kill()

        assert process.wait(PATIENCE) == -signal.SIGKILL
        assert is_gone(process.pid)

    def test_terminate(self, start):
        process = start(FLASK)
        eventually(said(process, '"ready"'))

        process.terminate()

        assert process.wait(PATIENCE) == 0

    def test_terminate_while_paused(self, start):
        """A paused service is woken to hear that it must stop."""
        process = start(FLASK)
        eventually(said(process, '"ready"'))
        process.pause()

        process.terminate()

        assert process.wait(PATIENCE) == 0

    def test_pause_and_resume(self, start):
        process = start(FOREVER)
        eventually(said(process, "ready"))

        process.pause()
        eventually(lambda: psutil.Process(process.pid).status() == psutil.STATUS_STOPPED)
        process.resume()

        eventually(lambda: psutil.Process(process.pid).status() != psutil.STATUS_STOPPED)
        assert process.returncode is None

    @zygote_only
    def test_kill_takes_the_children(self, zygote, write):
        """What a service starts does not outlive it."""
        process = zygote.spawn("probe-1", write(PARENT), ENV)
        child = int(eventually(lambda: next((x for x in process.lines if x.isdigit()), None)))

        process.kill()

        assert process.wait(PATIENCE) == -signal.SIGKILL
        eventually(lambda: is_gone(child))

    def test_signalling_the_dead_is_harmless(self, start):
        process = start("pass")
        process.wait(PATIENCE)

        process.kill()
        process.resume()

        assert process.returncode == 0


class TestOutput:
    def test_flood_is_bounded(self, start):
        """A service that floods is slowed, its excess counted, and the others are still heard."""
        flood = start("while True: print('x' * 50)")
        eventually(lambda: flood.dropped > 0)

        other = start("print('still heard')")

        assert other.wait(PATIENCE) == 0
        assert "still heard" in other.lines
        assert len(flood.lines) == LINES_KEPT
        flood.kill()
        assert flood.wait(PATIENCE) == -signal.SIGKILL

    def test_flood_keeps_the_last_words(self, start):
        """The reason of a death is never what is dropped."""
        process = start("for n in range(10_000): print('x' * 50)\nraise ValueError('at the end')")

        assert process.wait(60) == 1
        assert any("ValueError: at the end" in line for line in process.lines)
        assert process.dropped >= 8_000

    def test_endless_line_is_cut(self, start):
        process = start(f"print('x' * {3 * LONGEST_LINE})")

        assert process.wait(PATIENCE) == 0
        pieces = [line for line in process.lines if line.startswith("x")]
        assert len(pieces) > 1
        assert sum(map(len, pieces)) == 3 * LONGEST_LINE
        assert max(map(len, pieces)) == LONGEST_LINE

    def test_silence_is_not_death(self, start):
        """A service that never listens says nothing, and can be ended."""
        process = start("import time\nwhile True: time.sleep(3600)")
        eventually(lambda: process.pid)

        assert process.wait(0.2) is None
        process.kill()
        assert process.wait(PATIENCE) == -signal.SIGKILL


@zygote_only
class TestHelperDeath:
    def test_is_told_and_repaired(self, zygote, write):
        """A dead helper takes its services along, says so, and the next spawn has a new one."""
        ended = []
        process = zygote.spawn("probe-1", write(FOREVER), ENV, on_exit=ended.append)
        eventually(said(process, "ready"))
        helper = psutil.Process(process.pid).ppid()

        os.kill(helper, signal.SIGKILL)

        assert process.wait(PATIENCE) == -signal.SIGKILL
        assert "Le lanceur des services est tombé (signal 9)" in process.lines[-1]
        assert eventually(lambda: ended) == [process]
        eventually(lambda: is_gone(process.pid))
        again = zygote.spawn("probe-1", write("print('back')"), ENV)
        assert again.wait(PATIENCE) == 0
        assert "back" in again.lines

    @zygote_only
    def test_takes_what_services_started(self, zygote, write):
        """The system ends the services; their children are ended by us."""
        process = zygote.spawn("probe-1", write(PARENT), ENV)
        child = int(eventually(lambda: next((x for x in process.lines if x.isdigit()), None)))

        os.kill(psutil.Process(process.pid).ppid(), signal.SIGKILL)

        eventually(lambda: is_gone(child))

    def test_spawn_straight_after(self, zygote, write):
        """Even before the death is noticed, a spawn either works or says why it did not."""
        process = zygote.spawn("probe-1", write(FOREVER), ENV)
        eventually(said(process, "ready"))

        os.kill(psutil.Process(process.pid).ppid(), signal.SIGKILL)
        again = zygote.spawn("probe-2", write("print('back')"), ENV)

        assert again.wait(PATIENCE) in (0, -signal.SIGKILL)
        assert any("back" in line or "est tombé" in line for line in again.lines)


class TestRunFolder:
    def test_is_private_and_removed(self):
        launcher = Launcher()
        folder = launcher.run_folder

        assert folder.name.startswith("workbook-")
        assert folder.stat().st_mode & 0o077 == 0
        launcher.close()
        assert not folder.exists()

    def test_closed_launcher_refuses(self):
        launcher = Launcher()
        launcher.close()

        with pytest.raises(RuntimeError, match="fermé"):
            launcher.spawn("probe-1", "target", ENV)

    def test_shared_is_one(self):
        """One launcher a kernel; another one once it is closed."""
        launcher = Launcher.shared()

        assert Launcher.shared() is launcher
        launcher.close()
        assert Launcher.shared() is not launcher
        Launcher.shared().close()

    @pytest.mark.skipif(sys.platform == "win32", reason="flock")
    def test_sweeps_only_the_dead(self, tmp_path, monkeypatch):
        """A dead kernel's folder goes; a living one's, and a stranger's, stay."""
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr("tempfile.tempdir", None)
        dead, stranger = tmp_path / "workbook-dead", tmp_path / "workbook-stranger"
        for folder in (dead, stranger):
            folder.mkdir()
        (dead / ".lock").touch()
        living = Launcher()

        sweeper = Launcher()

        eventually(lambda: not dead.exists())
        assert stranger.exists()
        assert living.run_folder.exists()
        sweeper.close()
        living.close()


FULL_DISK = """
    import os, tempfile
    from pathlib import Path
    from workbook.processes.launcher import Launcher

    launcher = Launcher()
    source = launcher.run_folder / "probe.py"
    source.write_text("open('data', 'wb').write(bytes(5_000_000))")
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ["PYTHONPATH"]}
    filler = launcher.spawn("filler", source, env)
    print("filler", filler.wait(60))
    writer = launcher.spawn("writer", source, env)
    print("writer", writer.wait(60), *writer.lines)
    folder = launcher.run_folder
    launcher.close()
    print("left", os.listdir(folder.parent))
"""


class TestWithoutLocks:
    def test_opens_and_is_never_swept(self, tmp_path, monkeypatch):
        """On a shared disk without `flock` a run opens; nobody may take it for a dead one's."""

        def refuse(*_):
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with monkeypatch.context() as patch:
            patch.setattr("fcntl.flock", refuse)
            folder, lock = run_folder.make_run_folder()
            assert not run_folder.has_locks()
        run_folder.sweep_stale_folders()

        assert run_folder.has_locks()
        assert folder.exists()
        lock.close()


class TestRemoval:
    def test_ends_who_still_works_there(self, tmp_path):
        """A broker that hangs as it starts reads no end of input: it goes with the folder."""
        folder = tmp_path / "run"
        place = folder / "broker"
        place.mkdir(parents=True)
        hung = subprocess.Popen(["sleep", "600"], cwd=place, start_new_session=True)
        (place / "node.pid").write_text(str(hung.pid))

        remove_run_folder(folder, patience=0.2)

        assert hung.wait(10) == -9
        assert not folder.exists()

    @pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="needs Linux's /proc")
    def test_spares_who_bears_the_number_since(self, tmp_path):
        """The number of a dead broker may be another program's by now."""
        place = tmp_path / "run" / "broker"
        place.mkdir(parents=True)
        other = subprocess.Popen(["sleep", "600"], cwd="/", start_new_session=True)
        (place / "node.pid").write_text(str(other.pid))

        remove_run_folder(tmp_path / "run", patience=0.2)

        assert other.poll() is None
        other.kill()
        other.wait()


@pytest.mark.needs("mounts")
def test_full_disk(tmp_path):
    """On a full disk a service says what fails; the launcher goes on and tidies up."""
    small = f'mount -t tmpfs -o size=1m none "{tmp_path}" && exec "$@"'
    command = ["unshare", "--mount", "sh", "-c", small, "sh", sys.executable, "-c"]

    done = subprocess.run(
        [*command, textwrap.dedent(FULL_DISK)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=90,
    )

    _, writer, left = done.stdout.splitlines()
    assert "No space left on device" in writer, done.stderr
    assert left == "left []"
