"""The kernel's side of the helper: its socket, its services, one reading thread."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path

from workbook import settings
from workbook.processes.output import Output
from workbook.processes.process import KILL, LINES_KEPT, Process

CHUNK = 16 * 1024
LARGEST_PIPE = 1024 * 1024
ZYGOTE = Path(__file__).with_name("zygote.py")


class Forked:
    """Services forked by one helper process; see `zygote` for what is said on the socket."""

    def __init__(self, run_folder: Path):
        self._control, theirs = socket.socketpair()
        self._log = run_folder / "launcher.log"
        self._helper = _start_helper(theirs, run_folder, self._log)
        self._sending = threading.Lock()
        self._processes: dict[int, Process] = {}
        self._outputs: dict[int, tuple[int, Output]] = {}  # identity → descriptor, output
        self._asleep: dict[int, float] = {}  # identity → time to read again
        self._received: deque[int] = deque()  # descriptors not yet claimed by a "spawned"
        self._unread = b""
        self._last = 0
        self._alive = True
        self._closing = False
        self.ready = threading.Event()
        self._reactions = {
            "ready": self.ready.set,
            "spawned": self._on_spawned,
            "refused": self._on_refused,
            "exited": self._on_exited,
        }
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
        process.send_signal = lambda number: self._send(
            op="signal", id=identity, signal=int(number)
        )
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
            self._reactions[event.pop("event")](**event)

    def _on_spawned(self, id: int, pid: int) -> None:
        descriptor = self._received.popleft()
        os.set_blocking(descriptor, False)
        process = self._processes[id]
        process.pid = pid
        self._outputs[id] = (descriptor, Output(process))
        self._selector.register(descriptor, selectors.EVENT_READ, id)

    def _on_refused(self, id: int, reason: str) -> None:
        process = self._processes.pop(id)
        process.hear(f"Le système refuse de lancer « {process.name} » : {reason}.")
        process.end(os.EX_OSERR)

    def _on_exited(self, id: int, code: int) -> None:
        self._drain(id)
        self._processes.pop(id).end(code)

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
            if process.pid:
                # PR_SET_PDEATHSIG, where there is one, reaches the service, not what it started.
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
            self._drain(identity)
            process.hear(self._explain(code))
            process.end(-KILL)
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
    with theirs, log_file.open("ab") as errors:
        # -P: this file's folder is a package, not a place to import from.
        return subprocess.Popen(
            [sys.executable, "-P", str(ZYGOTE), "serve", str(theirs.fileno()), str(run_folder)],
            env=settings.of_a_helper(),
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
