"""The zygote: a helper process that has imported everything and forks services on request.

It owns the services' birth, signals and death, and the run folder's removal.  It has one thread,
so that forking is safe (a Jupyter kernel has a dozen), and its own session, so that interrupting
a cell never reaches a service.  The kernel talks to it over a Unix socket, one JSON object a line:

    {"op": "spawn", "id": 1, "target": "services.orders.app", "env": {…}, "cwd": "/…"}
    {"op": "signal", "id": 1, "signal": 9}

and hears back, the first one with the read end of the service's output (SCM_RIGHTS):

    {"event": "spawned", "id": 1, "pid": 4242}
    {"event": "refused", "id": 1, "reason": "[Errno 11] Resource temporarily unavailable"}
    {"event": "exited", "id": 1, "code": -9}

End of file on the socket means that the kernel is gone, be it by SIGKILL: every service is
killed and the run folder removed.  Only the standard library is imported at the top: this file is
executed by path, outside of the package.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where only `run` is used
    fcntl = None

RUNNER = "services.chassis"
PRELOADED = (
    "flask",
    "waitress",
    "requests",
    "pika",
    "pydantic",
    "pydantic.type_adapter",
    "pydantic._internal._dataclasses",
    "flask_openapi3.plugins",
    "flask_openapi3_swagger.plugins",
    "sqlalchemy.orm",
    "sqlalchemy.dialects.sqlite",
    "prometheus_client",
    "opentelemetry.sdk.trace",
    "opentelemetry.trace.propagation.tracecontext",
    "jwt",
    "argon2",
    "concurrent.futures.thread",
    "tomllib",
)
PIPE_BYTES = 256 * 1024  # a kernel busy with a cell reads late; services should not wait for it
MALLOC_MMAP_THRESHOLD, MALLOC_ARENA_MAX = -3, -8  # M_…, <malloc.h>
SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, <linux/prctl.h>


def main(argv: list[str]) -> None:
    """Serve the kernel (`serve FD RUN_FOLDER`), or run one service under guard (`run TARGET`)."""
    sys.dont_write_bytecode = False
    if argv[0] == "run":
        guard_with_stdin()
        run_service(argv[1])
        return
    control = socket.socket(fileno=int(argv[1]))
    preload(lambda: not is_closed(control))
    zygote = Zygote(control)
    zygote.emit(event="ready")
    request = zygote.serve()
    if request is None:
        remove_run_folder(Path(argv[2]))
    else:
        become_service(request)


# ------------------------------------------------------------------------------- preloading


def preload(go_on: Callable[[], bool]) -> None:
    """Import what services share; what cannot be imported fails later, in the service's log."""
    for name in (*PRELOADED, *_runner_modules()):
        if go_on():
            _try_import(name)
    return_memory_to_the_system()
    gc.collect()
    gc.freeze()  # a collection in a child would touch, hence copy, every inherited page


def is_closed(control: socket.socket) -> bool:
    try:
        return not control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def return_memory_to_the_system() -> None:
    """Tell glibc's malloc to unmap large blocks when freed, and to share one arena by threads.

    Left alone it keeps the 19 MB of an argon2 hash for ever.
    """
    share_one_arena()
    _set_malloc(MALLOC_MMAP_THRESHOLD, 1024 * 1024)


def share_one_arena() -> None:
    """Tell glibc's malloc to give no new thread an arena of its own, with free blocks of its own.

    In a kernel that shows the map this saves 6 MB; unmapping large blocks as well slows a frame.
    """
    _set_malloc(MALLOC_ARENA_MAX, 1)


def _set_malloc(parameter: int, value: int) -> None:
    libc = ctypes.CDLL(None) if os.name == "posix" else None
    if hasattr(libc, "mallopt"):
        libc.mallopt(parameter, value)


def _runner_modules() -> list[str]:
    package = _try_import(RUNNER)
    if package is None:
        return []
    found = pkgutil.walk_packages(package.__path__, f"{RUNNER}.", onerror=lambda name: None)
    return [module.name for module in found if not module.name.endswith("__main__")]


def _try_import(name: str):
    try:
        return importlib.import_module(name)
    except Exception as error:  # any module, also one a learner is editing, may raise anything
        print(f"preload: {name}: {error!r}", file=sys.stderr, flush=True)
        return None


class Sources:
    """The course's own modules as they were when preloaded: their files and dates."""

    def __init__(self):
        self.package = RUNNER.partition(".")[0]
        files = {
            module.__file__
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] == self.package and getattr(module, "__file__", None)
        }
        self.dates = {file: _modified(file) for file in files}
        origin = getattr(sys.modules.get(self.package), "__file__", None)
        self.root = Path(origin).parents[1] if origin else None

    def serve(self, env: dict[str, str]) -> bool:
        """Would a new interpreter with this environment have imported the very same code?"""
        if self.root is None:
            return True
        entries = [Path(entry) for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
        first = next((entry for entry in entries if (entry / self.package).is_dir()), self.root)
        same_place = first.resolve() == self.root.resolve()
        return same_place and all(_modified(file) == date for file, date in self.dates.items())


def _modified(file: str) -> int | None:
    try:
        return os.stat(file).st_mtime_ns  # noqa: PTH116 - forty files a spawn: the cheap call
    except OSError:
        return None


# ------------------------------------------------------------------------------- the helper


class Zygote:
    """Forks, signals and reaps services as the kernel asks."""

    def __init__(self, control: socket.socket):
        self.control = control
        self.sources = Sources()
        self.pids: dict[int, int] = {}  # request id → pid
        self.wake_read, self.wake_write = os.pipe()
        os.set_blocking(self.wake_write, False)
        signal.set_wakeup_fd(self.wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def serve(self) -> dict | None:
        """Return None in the helper when the kernel is gone, the request in a newborn service."""
        unread = b""
        while True:
            readable, _, _ = select.select([self.control, self.wake_read], [], [])
            if self.wake_read in readable:
                os.read(self.wake_read, 512)
                self.reap()
            if self.control not in readable:
                continue
            received = self.receive()
            if not received:
                self.kill_all()
                return None
            *lines, unread = (unread + received).split(b"\n")
            for line in lines:
                request = json.loads(line)
                if self.handle(request):
                    return request

    def receive(self) -> bytes:
        try:
            return self.control.recv(65536)
        except ConnectionError:
            return b""

    def handle(self, request: dict) -> bool:
        """Return True in the newborn service only."""
        if request["op"] == "spawn":
            request["same_code"] = self.sources.serve(request["env"])
            return self.spawn(request)
        self.send_signal(request["id"], request["signal"])
        return False

    def spawn(self, request: dict) -> bool:
        helper = os.getpid()
        try:
            output, end = os.pipe()
            pid = os.fork()
        except OSError as error:
            self.emit(event="refused", id=request["id"], reason=str(error))
            return False
        if pid == 0:
            self.leave(helper, output, end)
            return True
        os.close(end)
        self.pids[request["id"]] = pid
        self.emit(output, event="spawned", id=request["id"], pid=pid)
        os.close(output)
        return False

    def leave(self, helper: int, output: int, end: int) -> None:
        """In the newborn: a session of its own, its output in the pipe, nothing of the helper's.

        Linux shares the processor by sessions: all in one would get the share of one program.
        """
        os.setsid()
        die_with_parent(helper)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _enlarge_pipe(end)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, standard in ((nothing, 0), (end, 1), (end, 2)):
            os.dup2(source, standard)
        for inherited in (nothing, end, output, self.wake_read, self.wake_write):
            os.close(inherited)
        self.control.close()
        reopen_standard_streams()

    def send_signal(self, identity: int, number: int) -> None:
        pid = self.pids.get(identity)
        if pid is None:
            return
        if number == signal.SIGTERM:
            # The service itself is asked: it knows how to end what it started.
            os.kill(pid, number)
            signal_group(pid, signal.SIGCONT)  # a paused service must hear it too
        else:
            signal_group(pid, number)

    def reap(self) -> None:
        while self.pids:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)  # what the service itself may have started
            identity = next(key for key, value in self.pids.items() if value == pid)
            del self.pids[identity]
            self.emit(event="exited", id=identity, code=os.waitstatus_to_exitcode(status))

    def kill_all(self) -> None:
        for pid in self.pids.values():
            signal_group(pid, signal.SIGKILL)
        for pid in self.pids.values():
            os.waitpid(pid, 0)

    def emit(self, *descriptors: int, **event) -> None:
        # A kernel already gone is noticed as end of file, at the next turn of the loop.
        with contextlib.suppress(OSError):
            line = json.dumps(event).encode() + b"\n"
            if descriptors:
                socket.send_fds(self.control, [line], descriptors)
            else:
                self.control.sendall(line)


def signal_group(pid: int, number: int) -> None:
    """Signal a service of ours and whatever it has started."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        os.kill(pid, number)  # so young that it has no group of its own yet
    except PermissionError:  # macOS, for a group of which only a zombie is left
        pass


def die_with_parent(helper: int) -> None:
    """Second belt, Linux only: the kernel kills this process when the helper dies."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != helper:
        os._exit(1)


def _enlarge_pipe(descriptor: int) -> None:
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


# ------------------------------------------------------------------------------- the service


def reopen_standard_streams() -> None:
    """Line-buffered UTF-8, whatever the helper's own streams were."""
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        stream = open(  # noqa: SIM115
            descriptor, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def become_service(request: dict) -> None:
    """Go on as `python -m services.chassis TARGET` would, in that environment and folder."""
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    if not request["same_code"]:
        command = [sys.executable, "-m", RUNNER, request["target"]]
        os.execve(sys.executable, command, {"PYTHONUNBUFFERED": "1", **request["env"]})
    run_service(request["target"])


def run_service(target: str) -> None:
    given = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    inherited = [path for path in sys.path if path not in given]
    sys.path[:] = [str(Path.cwd()), *given, *inherited]
    sys.argv = ["-m", target]
    sys.excepthook = _report_from_the_service
    runpy.run_module(RUNNER, run_name="__main__", alter_sys=True)


def _report_from_the_service(kind, error, trace) -> None:
    """The usual traceback, without the frames of this file and of runpy."""
    while trace and trace.tb_next and _is_ours(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


def _is_ours(file: str) -> bool:
    return file == __file__ or "runpy" in Path(file).name


def guard_with_stdin() -> None:
    """Where no helper watches (Windows): end when the kernel's end of stdin closes."""

    def watch():
        while os.read(0, 1024):  # unbuffered: sys.stdin's lock would abort a normal exit
            pass
        os._exit(1)

    threading.Thread(target=watch, name="guard", daemon=True).start()


# ------------------------------------------------------------------------------- the end


def remove_run_folder(folder: Path, patience: float = 3.0) -> None:
    """Remove the folder once nothing writes there any more: a broker lives 40 ms longer than us.

    Whoever runs a process of its own writes `<folder>/<something>/<name>.pid`; `patience` in
    seconds bounds the wait for those, which are then killed, and for files that reappear.
    """
    deadline = time.monotonic() + patience
    while _writers(folder) and time.monotonic() < deadline:
        time.sleep(0.01)
    for pid in _writers(folder):
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
        shutil.rmtree(folder, ignore_errors=True)


def _writers(folder: Path) -> list[int]:
    """Leaders of a group of their own that work in this folder, and said so."""
    return [pid for file in folder.glob("*/*.pid") if (pid := _writer(file)) is not None]


def _writer(file: Path) -> int | None:
    """The living process of a pid file; None where the number has gone to another since."""
    try:
        pid = int(file.read_text())
        place = Path(f"/proc/{pid}/cwd")
        elsewhere = place.exists() and place.resolve() != file.parent.resolve()
        return pid if os.getpgid(pid) == pid and not elsewhere else None
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    main(sys.argv[1:])
