"""Whatever ends the kernel, and whatever it was doing: no process, no port, no file stays."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from basics import ROOT, eventually

pytestmark = [
    pytest.mark.needs("rabbitmq"),
    pytest.mark.skipif(os.name != "posix", reason="signals"),
]
PATIENCE = 60
NOBODY = "65534"

OPEN_SHOP = """
    import json, os, sys
    from workbook.broker import PrivateBroker
    from workbook.processes.launcher import Launcher

    launcher = Launcher.shared()
    source = launcher.run_folder / "probe.py"
    source.write_text("from flask import Flask\\napp = Flask('probe')\\n")
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ["PYTHONPATH"], "PORT": "0"}
    services = [launcher.spawn(f"probe-{n}", source, env) for n in (1, 2, 3)]
    brokers = [PrivateBroker.open(launcher.run_folder)] if "BROKER" in os.environ else []
    while not all(any('"listening"' in x for x in each.lines) for each in services):
        services[0].wait(0.01)

    ports = [port for each in brokers for port in (each.node.port, each.node.management_port)]
    for each in services:
        line = next(x for x in each.lines if '"listening"' in x)
        ports.append(json.loads(line)["port"])
    print("OPEN", json.dumps({
        "folder": str(launcher.run_folder),
        "services": [each.pid for each in services],
        "brokers": [each.node.pid for each in brokers],
        "ports": ports,
    }), flush=True)
"""
FOR_EVER = """
    sys.stdin.read()
"""
# A handler, before anything is opened, and not an except: Ctrl-C may come at any moment.
TELLS_INTERRUPTS = """
    import os, signal
    signal.signal(signal.SIGINT, lambda *_: os.write(1, b"INTERRUPTED\\n"))
"""


def is_running(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def is_open(port):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


class Opened:
    """What a kernel has opened: its folder, its processes, its ports."""

    def __init__(self, line):
        found = json.loads(line.removeprefix("OPEN "))
        self.folder = Path(found["folder"])
        self.helper = found["services"][0]
        with contextlib.suppress(psutil.NoSuchProcess):  # a kernel that ends at once
            self.helper = psutil.Process(self.helper).ppid()
        self.pids = {*found["services"], *found["brokers"], self.helper}
        self.ports = found["ports"]

    @property
    def is_whole(self):
        return all(map(is_running, self.pids)) and all(map(is_open, self.ports))

    @property
    def left(self):
        """What is still there, for the failure's message."""
        left = [f"process {pid}" for pid in self.pids if is_running(pid)]
        left += [f"port {port}" for port in self.ports if is_open(port)]
        return left + ([f"folder {self.folder}"] if self.folder.exists() else [])

    def assert_gone(self):
        with contextlib.suppress(AssertionError):
            eventually(lambda: not self.left, seconds=30)
        assert self.left == []


@pytest.fixture
def kernel(tmp_path):
    """Start a Python that opens a shop and waits, as a kernel would; killed at the end."""
    started = []

    def kernel(code=TELLS_INTERRUPTS + OPEN_SHOP + FOR_EVER, *, wrapper=(), **env):
        process = subprocess.Popen(
            [*wrapper, sys.executable, "-c", textwrap.dedent(code)],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | env,
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        line = next((x for x in process.stdout if x.startswith("OPEN")), None)
        assert line, "the kernel opened nothing"
        return process, Opened(line)

    yield kernel
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


class TestKernelDeath:
    def test_sigkill(self, kernel):
        """Out of memory, or the Jupyter server's last resort."""
        process, opened = kernel(BROKER="1")
        assert opened.is_whole

        process.kill()

        opened.assert_gone()

    def test_sigkill_of_its_group(self, kernel):
        """Jupyter kills the kernel's whole process group: the helper must survive to tidy up."""
        process, opened = kernel()

        os.killpg(process.pid, signal.SIGKILL)

        opened.assert_gone()

    def test_normal_end(self, kernel):
        process, opened = kernel(BROKER="1")

        process.stdin.close()

        assert process.wait(PATIENCE) == 0
        opened.assert_gone()

    def test_sigterm(self, kernel):
        process, opened = kernel()

        process.terminate()

        opened.assert_gone()

    def test_unhandled_error(self, kernel):
        process, opened = kernel(OPEN_SHOP + "\n    1 / 0")

        assert process.wait(PATIENCE) == 1
        opened.assert_gone()

    def test_without_fork(self, kernel):
        """Plain subprocesses, as on Windows, end by themselves; the next start sweeps the rest."""
        process, opened = kernel(WORKBOOK_LAUNCHER="subprocesses")
        opened.pids -= {opened.helper, process.pid}

        process.kill()
        process.wait()

        eventually(lambda: not any(map(is_running, opened.pids)))
        sweep(opened.folder.parent)
        opened.assert_gone()

    def test_with_its_helper(self, kernel):
        """Killed together, nobody is left to remove the folder: the next start does."""
        process, opened = kernel()
        os.kill(process.pid, signal.SIGSTOP)
        os.kill(opened.helper, signal.SIGKILL)

        process.kill()
        process.wait()

        eventually(lambda: not any(map(is_running, opened.pids)))
        sweep(opened.folder.parent)
        opened.assert_gone()

    def test_with_a_fork_left(self, kernel):
        """A forked child of the kernel (multiprocessing) that survives it keeps nothing alive."""
        fork = """
    if os.fork() == 0:
        import time
        print("FORK", os.getpid(), flush=True)
        time.sleep(600)
        """
        process, opened = kernel(OPEN_SHOP + fork + FOR_EVER, BROKER="1")
        child = int(next(x for x in process.stdout if x.startswith("FORK")).split()[1])

        try:
            process.kill()

            opened.assert_gone()
            assert is_running(child)
        finally:
            os.kill(child, signal.SIGKILL)

    @pytest.mark.skipif(
        not shutil.which("setpriv") or os.getuid() != 0, reason="needs root and setpriv"
    )
    def test_of_an_ordinary_user(self, kernel):
        drop = ("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups")
        starts_itself = (
            "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
        )
        if subprocess.run([*drop, sys.executable, "-c", starts_itself], cwd="/").returncode:
            pytest.skip("this interpreter is in a folder that only root may read")
        process, opened = kernel(wrapper=drop, BROKER="1")

        process.kill()

        opened.assert_gone()


def sweep(folder):
    """Start and end another launcher beside: it removes the folders of the dead."""
    code = """
        from workbook.processes.launcher import Launcher
        import threading
        launcher = Launcher.shared()
        for thread in threading.enumerate():
            if thread.name == "workbook-sweep":
                thread.join()
        launcher.close()
    """
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=env, check=True)


class TestInterrupt:
    def test_reaches_the_kernel_alone(self, kernel):
        """Ctrl-C in a terminal goes to the whole group: services and broker do not hear it."""
        process, opened = kernel(BROKER="1")

        for _ in range(3):
            os.killpg(process.pid, signal.SIGINT)
            assert process.stdout.readline().strip() == "INTERRUPTED"

        assert opened.is_whole
        process.kill()
        opened.assert_gone()


class TestJupyter:
    @pytest.fixture
    def manager(self):
        manager_module = pytest.importorskip("jupyter_client.manager")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYTHONPATH", str(ROOT))
            patch.setenv("BROKER", "1")
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            manager, client = manager_module.start_new_kernel(startup_timeout=PATIENCE)
        yield manager, client
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    @staticmethod
    def run(client, code):
        """Run a cell; return what it printed."""
        printed = []
        client.execute_interactive(
            textwrap.dedent(code),
            timeout=PATIENCE,
            output_hook=lambda message: printed.append(message["content"].get("text", "")),
        )
        return "".join(printed)

    def open(self, client):
        printed = self.run(client, OPEN_SHOP)
        return Opened(next(x for x in printed.splitlines() if x.startswith("OPEN")))

    def test_cell_interrupt_then_restart(self, manager):
        """The interrupt button stops the cell only; the restart button stops everything."""
        manager, client = manager
        opened = self.open(client)

        sleeping = client.execute("import time; print('asleep', flush=True); time.sleep(600)")
        while client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "stream":
            pass
        manager.interrupt_kernel()
        reply = client.get_shell_msg(timeout=PATIENCE)

        assert reply["parent_header"]["msg_id"] == sleeping
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        assert opened.is_whole
        manager.restart_kernel()
        opened.assert_gone()

    def test_forced_restart(self, manager):
        """What Jupyter, or nbval after its timeout, does to a kernel that does not answer."""
        manager, client = manager
        opened = self.open(client)

        manager.restart_kernel(now=True)

        opened.assert_gone()
