"""The launcher owns the processes of a run and its run folder.

    launcher = Launcher.shared()
    process = launcher.spawn("orders-1", "services.orders.app", env, on_line=print)

A service is a real process, forked in a few milliseconds by a helper that has already imported
Flask and its friends (`workbook.zygote`).  Nothing outlives the kernel, even killed by SIGKILL:
the helper sees the end of its socket, kills every service and removes the run folder.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import json
import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from workbook.zygote import remove_run_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

__all__ = ["Launcher", "Process"]

# Windows has only SIGTERM; there the others name what psutil does.
KILL = getattr(signal, "SIGKILL", 9)
STOP = getattr(signal, "SIGSTOP", 19)
CONTINUE = getattr(signal, "SIGCONT", 18)

LINES_KEPT = 2000
LONGEST_LINE = 64 * 1024  # bytes; a longer one is kept in pieces
CHUNK = 16 * 1024
LARGEST_PIPE = 1024 * 1024
LINES_PER_SECOND = 5000  # what one service may make the kernel read, on average
BYTES_PER_SECOND = 4_000_000
BURST = 0.5  # seconds of that budget that may be spent at once

ROOT = Path(__file__).resolve().parents[1]
ZYGOTE = Path(__file__).with_name("zygote.py")
PREFIX = "workbook-"
LOCK = ".lock"

log = logging.getLogger(__name__)

OnLine = Callable[["Process", str], None]
OnExit = Callable[["Process"], None]


class Process:
    """One service process.  `pid` is None until it is forked, `returncode` until it has ended.

    `lines` holds its last 2000 lines of output; `dropped` counts those no longer kept.
    A negative `returncode` is the signal that ended it (-9: SIGKILL).
    """

    def __init__(self, name: str, target: str, on_line: OnLine | None, on_exit: OnExit | None):
        self.name = name
        self.target = target
        self.pid: int | None = None
        self.returncode: int | None = None
        self.paused = False
        self.started_at = time.time()
        self.lines: deque[str] = deque(maxlen=LINES_KEPT)
        self.dropped = 0
        self._on_line = on_line
        self._on_exit = on_exit
        self._ended = threading.Event()
        self._signal: Callable[[int], None] = lambda number: None

    def __repr__(self) -> str:
        state = "en marche" if self.returncode is None else f"terminé ({self.returncode})"
        return f"<Process {self.name} pid={self.pid} {state}>"

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the return code, or None when it still runs after `timeout` seconds."""
        self._ended.wait(timeout)
        return self.returncode

    def kill(self) -> None:
        """SIGKILL, to the service and to whatever it has started."""
        self._signal(KILL)

    def terminate(self) -> None:
        """SIGTERM: ask for a graceful stop, also of a paused service."""
        self.paused = False
        self._signal(signal.SIGTERM)

    def pause(self) -> None:
        """SIGSTOP: the service keeps its connections and answers nothing."""
        self.paused = True
        self._signal(STOP)

    def resume(self) -> None:
        """SIGCONT, after `pause`."""
        self.paused = False
        self._signal(CONTINUE)

    def _hear(self, line: str) -> None:
        if len(self.lines) == LINES_KEPT:
            self.dropped += 1
        self.lines.append(line)
        if self._on_line:
            _guarded(self._on_line, self, line)

    def _end(self, returncode: int) -> None:
        if self._ended.is_set():
            return
        self.returncode = returncode
        self._ended.set()
        if self._on_exit:
            _guarded(self._on_exit, self)


def _guarded(callback: Callable, *arguments) -> None:
    """A mistake in one observer must not silence every service."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("%r a échoué", callback)


class Launcher:
    """Starts services; one a kernel is enough (`Launcher.shared()`).

    `run_folder` is this run's own folder: locked while the kernel lives, removed with it.
    """

    _shared: Launcher | None = None
    _sharing = threading.Lock()

    def __init__(self):
        self.run_folder, self._lock_file = _make_run_folder()
        self._opening = threading.Lock()
        self._closed = False
        self._owner = os.getpid()
        self._nursery: _Zygote | _Subprocesses = self._open_nursery()
        atexit.register(self.close)
        threading.Thread(target=_sweep_stale_folders, name="workbook-sweep", daemon=True).start()

    @classmethod
    def shared(cls) -> Launcher:
        """Return this kernel's launcher, starting it the first time; never waits for it."""
        with cls._sharing:
            if cls._shared is None or cls._shared._closed:
                cls._shared = cls()
            return cls._shared

    def wait_ready(self, timeout: float | None = None) -> bool:
        """Wait until the helper has imported everything; `spawn` need not: requests queue."""
        return self._nursery.ready.wait(timeout)

    def spawn(
        self,
        name: str,
        target: str | os.PathLike,
        env: Mapping[str, str],
        cwd: str | os.PathLike | None = None,
        on_line: OnLine | None = None,
        on_exit: OnExit | None = None,
    ) -> Process:
        """Start `python -m services.chassis TARGET` in exactly `env` and return at once.

        `on_line(process, line)` and, after its last line, `on_exit(process)` are called from the
        launcher's reading thread: they must be quick and must not wait for a process.
        """
        process = Process(name, str(target), on_line, on_exit)
        environment = {key: str(value) for key, value in env.items()}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        folder = str(cwd or self.run_folder)
        with self._opening:
            if self._closed:
                raise RuntimeError("Ce lanceur est fermé : redémarrez le noyau.")
            if not self._nursery.start(process, environment, folder):
                self._nursery = self._open_nursery()
                self._nursery.start(process, environment, folder)
        return process

    def close(self) -> None:
        """Kill every service, remove the run folder.  Idempotent."""
        if os.getpid() != self._owner:  # a fork of the kernel ends: not our run's end
            return
        with self._opening:
            if self._closed:
                return
            self._closed = True
        atexit.unregister(self.close)
        self._nursery.close()
        self._lock_file.close()
        remove_run_folder(self.run_folder)

    def _open_nursery(self) -> _Zygote | _Subprocesses:
        default = "zygote" if hasattr(os, "fork") else "subprocess"
        kind = os.environ.get("WORKBOOK_LAUNCHER", default)
        return {"zygote": _Zygote, "subprocess": _Subprocesses}[kind](self.run_folder)


# ------------------------------------------------------------------------------- output


class _Output:
    """One service's output: cut into lines, read no faster than its budget.

    Past the budget the pipe is left full, so that a flooding service is slowed by its own writes.
    """

    def __init__(self, process: Process):
        self.process = process
        self._rest = b""
        self._paid_until = 0.0

    def hear(self, data: bytes, keep: int | None = None) -> float:
        """Give the lines in `data` to the process; return the time to read again.

        With `keep`, only that many last lines are given; the others count as dropped.
        """
        lines = self._split(data)
        if keep is not None and len(lines) > keep:
            self.process.dropped += len(lines) - keep
            lines = lines[-keep:]
        for line in lines:
            self.process._hear(line.decode("utf-8", "replace"))
        cost = max(len(lines) / LINES_PER_SECOND, len(data) / BYTES_PER_SECOND)
        self._paid_until = max(self._paid_until, time.monotonic() - BURST) + cost
        return self._paid_until

    def finish(self) -> None:
        if self._rest:
            self.hear(b"\n")

    def _split(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        pieces = [piece for line in lines for piece in _pieces(line)]
        if len(self._rest) > LONGEST_LINE:
            *cut, self._rest = _pieces(self._rest)
            pieces += cut
        return pieces


def _pieces(line: bytes) -> list[bytes]:
    if len(line) <= LONGEST_LINE:
        return [line]
    return [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)]


# ------------------------------------------------------------------------------- the zygote


class _Zygote:
    """The kernel's side of one helper process: its socket, its services, one reading thread."""

    def __init__(self, run_folder: Path):
        self._control, theirs = socket.socketpair()
        self._log = run_folder / "launcher.log"
        self._helper = _start_helper(theirs, run_folder, self._log)
        self._sending = threading.Lock()
        self._processes: dict[int, Process] = {}
        self._outputs: dict[int, tuple[int, _Output]] = {}  # identity → descriptor, output
        self._asleep: dict[int, float] = {}  # identity → time to read again
        self._received: deque[int] = deque()  # descriptors not yet claimed by a "spawned"
        self._unread = b""
        self._last = 0
        self._alive = True
        self._closing = False
        self.ready = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._control, selectors.EVENT_READ)
        # A forked child (multiprocessing) holding the socket would hide the kernel's death.
        os.register_at_fork(after_in_child=self._control.close)
        self._reader = threading.Thread(target=self._read, name="workbook-reader", daemon=True)
        self._reader.start()

    # -- called by any thread

    def start(self, process: Process, env: dict[str, str], cwd: str) -> bool:
        """Ask for a process; False when the helper is dead and another one is needed."""
        with self._sending:
            if not self._alive:
                return False
            self._last += 1
            identity = self._last
            self._processes[identity] = process
        process._signal = lambda number: self._send(op="signal", id=identity, signal=int(number))
        if self._send(op="spawn", id=identity, target=process.target, env=env, cwd=cwd):
            return True
        return self._processes.pop(identity, None) is None  # else: the reader has reported it

    def close(self) -> None:
        self._closing = True
        if not self.ready.is_set():
            self._helper.kill()  # nothing was forked yet: its imports need not be waited for
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_WR)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._helper.wait(15)
        if self._helper.poll() is None:
            self._helper.kill()
            self._helper.wait()
        if threading.current_thread() is not self._reader:
            self._reader.join(5)

    def _send(self, **request) -> bool:
        with self._sending:
            try:
                self._control.sendall(json.dumps(request).encode() + b"\n")
            except OSError:
                return False
            return True

    # -- the reading thread

    def _read(self) -> None:
        while self._alive:
            for key, _ in self._selector.select(self._until_next_waking()):
                if key.fileobj is self._control:
                    self._receive()
                elif key.data in self._outputs:
                    self._read_output(key.data)
            self._wake_outputs()
        self._report_fall()

    def _receive(self) -> None:
        try:
            received, descriptors, _, _ = socket.recv_fds(self._control, 65536, 64)
        except OSError:
            received, descriptors = b"", []
        self._received.extend(descriptors)
        if not received:
            with self._sending:
                self._alive = False
            return
        *lines, self._unread = (self._unread + received).split(b"\n")
        for line in lines:
            event = json.loads(line)
            getattr(self, f"_on_{event['event']}")(**event)

    def _on_ready(self, event: str) -> None:
        self.ready.set()

    def _on_spawned(self, id: int, pid: int, event: str) -> None:
        descriptor = self._received.popleft()
        os.set_blocking(descriptor, False)
        process = self._processes[id]
        process.pid = pid
        self._outputs[id] = (descriptor, _Output(process))
        self._selector.register(descriptor, selectors.EVENT_READ, id)

    def _on_refused(self, id: int, reason: str, event: str) -> None:
        process = self._processes.pop(id)
        process._hear(f"Le système refuse de lancer « {process.name} » : {reason}.")
        process._end(os.EX_OSERR)

    def _on_exited(self, id: int, code: int, event: str) -> None:
        self._drain(id)
        self._processes.pop(id)._end(code)

    def _read_output(self, identity: int) -> None:
        descriptor, output = self._outputs[identity]
        data = _read_available(descriptor)
        if data is None:
            return
        if not data:
            self._close_output(identity)
            return
        paid_until = output.hear(data)
        if paid_until > time.monotonic():
            self._selector.unregister(descriptor)
            self._asleep[identity] = paid_until

    def _drain(self, identity: int) -> None:
        """Take what a dead service left in its pipe: its last words are there."""
        if identity not in self._outputs:
            return
        descriptor, output = self._outputs[identity]
        left = iter(lambda: _read_available(descriptor) or b"", b"")
        output.hear(b"".join(itertools.islice(left, LARGEST_PIPE // CHUNK)), keep=LINES_KEPT)
        self._close_output(identity)

    def _close_output(self, identity: int) -> None:
        descriptor, output = self._outputs.pop(identity)
        output.finish()
        if self._asleep.pop(identity, None) is None:
            self._selector.unregister(descriptor)
        os.close(descriptor)

    def _until_next_waking(self) -> float | None:
        if not self._asleep:
            return None
        return max(0.0, min(self._asleep.values()) - time.monotonic())

    def _wake_outputs(self) -> None:
        now = time.monotonic()
        for identity in [key for key, moment in self._asleep.items() if moment <= now]:
            del self._asleep[identity]
            descriptor, _ = self._outputs[identity]
            self._selector.register(descriptor, selectors.EVENT_READ, identity)

    def _report_fall(self) -> None:
        """The helper is gone, and every service with it: say so once a service."""
        code = self._helper.wait()
        for identity, process in list(self._processes.items()):
            if process.pid and not sys.platform.startswith("linux"):
                with contextlib.suppress(OSError):  # no PR_SET_PDEATHSIG there
                    os.killpg(process.pid, signal.SIGKILL)
            self._drain(identity)
            process._hear(self._explain(code))
            process._end(-KILL)
        self._processes.clear()
        for descriptor in self._received:
            os.close(descriptor)
        self._selector.close()
        self._control.close()

    def _explain(self, code: int) -> str:
        if self._closing:
            return "Service arrêté avec le lanceur."
        reason = f"signal {-code}" if code < 0 else f"code {code}"
        words = _last_words(self._log)
        return (
            f"Le lanceur des services est tombé ({reason}) et a emporté tous les services. "
            f"Relancez la cellule de démarrage : il repartira de lui-même.{words}"
        )


def _start_helper(theirs: socket.socket, run_folder: Path, log_file: Path) -> subprocess.Popen:
    env = dict(os.environ)
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), env.get("PYTHONPATH")]))
    with theirs, log_file.open("ab") as errors:
        # -P: this file's folder is a package, not a place to import from.
        return subprocess.Popen(
            [sys.executable, "-P", str(ZYGOTE), "serve", str(theirs.fileno()), str(run_folder)],
            env=env,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )


def _read_available(descriptor: int) -> bytes | None:
    """Return what is there, b"" at the end, None when nothing is."""
    try:
        return os.read(descriptor, CHUNK)
    except BlockingIOError:
        return None


def _last_words(log_file: Path) -> str:
    try:
        lines = log_file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ""
    said = [line for line in lines[-5:] if not line.startswith("preload:")]
    return "\n" + "\n".join(said) if said else ""


# ------------------------------------------------------------------------------- subprocesses


class _Subprocesses:
    """The same promises without fork, for Windows: one interpreter and one thread a service.

    Each keeps the read end of its stdin: it ends by itself when the kernel is gone.
    """

    def __init__(self, run_folder: Path):
        self._running: list[subprocess.Popen] = []
        self.ready = threading.Event()
        self.ready.set()

    def start(self, process: Process, env: dict[str, str], cwd: str) -> bool:
        windows = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        child = subprocess.Popen(
            [sys.executable, "-P", str(ZYGOTE), "run", process.target],
            env={"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", **env},
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **({"start_new_session": True} if os.name == "posix" else windows),
        )
        process.pid = child.pid
        process._signal = lambda number: self._send_signal(child, number)
        self._running = [other for other in self._running if other.poll() is None] + [child]
        threading.Thread(target=self._follow, args=(child, process), daemon=True).start()
        return True

    def close(self) -> None:
        for child in self._running:
            child.kill()
        for child in self._running:
            child.wait()

    def _follow(self, child: subprocess.Popen, process: Process) -> None:
        output = _Output(process)
        while data := child.stdout.read1(CHUNK):
            ahead = output.hear(data) - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
        output.finish()
        process._end(child.wait())

    def _send_signal(self, child: subprocess.Popen, number: int) -> None:
        if child.poll() is not None:
            return
        import psutil  # Windows has no SIGSTOP: psutil suspends the threads there

        with contextlib.suppress(psutil.NoSuchProcess):
            service = psutil.Process(child.pid)
            if number == KILL:
                service.kill()
            elif number == STOP:
                service.suspend()
            else:
                service.resume()  # a paused service must hear SIGTERM too
            if number == signal.SIGTERM:
                service.terminate()


# ------------------------------------------------------------------------------- run folders


def _make_run_folder() -> tuple[Path, BinaryIO]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    if fcntl is None:
        return folder, (folder / LOCK).open("wb")
    # Locked before it bears its name: a sweep elsewhere must never see it unlocked.
    unnamed = folder / f"{LOCK}.new"
    lock_file = unnamed.open("wb")
    fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    unnamed.rename(folder / LOCK)
    return folder, lock_file


def _sweep_stale_folders() -> None:
    """Remove the run folders whose kernel, and whose helper, were killed together."""
    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
        if _is_mine(lock) and _is_stale(lock):
            remove_run_folder(lock.parent)


def _is_mine(lock: Path) -> bool:
    try:
        return os.name != "posix" or lock.lstat().st_uid == os.getuid()
    except OSError:
        return False


def _is_stale(lock: Path) -> bool:
    try:
        if fcntl is None:
            lock.unlink()  # Windows refuses while a process has it open
            return True
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
