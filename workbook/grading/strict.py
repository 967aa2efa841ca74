"""The pytest plugin under which nbval runs a graded notebook: it believes nothing by default.

What stock nbval does, and this does not:

- a cell that hides its error passes; here `execute_reply` must say `ok`;
- a dead kernel is waited for during the whole time-out; here it is noticed within a second;
- after a time-out every later cell is expected to fail; here each is judged;
- a comment `NBVAL_SKIP` skips a cell; here no comment or tag does;
- a check cell passes when nothing was raised; here its receipt must say so, with the mark that was
  drawn for it, once, while the code that judges is still ours (`witness`).

Each cell, by its id, is told as one JSON line on a pipe that the kernel does not inherit. A thread
watches over the limits, and over the grader: when that one is gone, so is all that runs here.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import Empty
from typing import Any

from workbook.grading import imports

imports.spare()

import nbval.kernel  # noqa: E402 - after what it would import
import nbval.plugin  # noqa: E402
import psutil  # noqa: E402
import pytest  # noqa: E402
from jupyter_client.manager import KernelManager  # noqa: E402

from workbook.checks.receipt import MIME as RECEIPT  # noqa: E402
from workbook.checks.registry import find  # noqa: E402
from workbook.grading import keeper, witness  # noqa: E402

CHANNEL = "WORKBOOK_GRADING"  # two descriptors: the job to read, the report to write
POLL = 0.5  # seconds between two looks at the kernel's life
WATCH = 0.25
LOOKING = 20.0  # seconds that the witness may take on a busy machine
INSIST = 15.0  # seconds that an interrupted cell has to end
LONGEST_TEXT = 20_000
MOST_OUTPUT = 2_000_000  # characters kept of one cell
KEPT_TYPES = (RECEIPT, witness.MIME, "text/plain")
ASK = (
    "import workbook.checks.receipt as __receipt\n"
    "__receipt.ask({mark!r}, {seed!r})\ndel __receipt\n"
    "from workbook.checks import check\n"
)
LOOK = """
def __witness():
    import sys
    from IPython import get_ipython
    space = {{"__name__": "witness"}}
    exec(compile({source!r}, "<witness>", "exec"), space)
    shell = get_ipython()
    texts = space["texts"]({modules!r}, {exercises!r})
    told = {{
        "salt": {salt!r},
        "seen": space["salted"]({salt!r}, texts),
        "again": space["salted"]({first!r}, texts),
        "hooked": space["surroundings"](shell),
    }}
    shell.display_pub.publish({{{mime!r}: told}})
__witness()
del __witness
"""
PREPARE = (
    "import importlib\nfor __m in {modules!r}: importlib.import_module(__m)\ndel __m, importlib\n"
    "from workbook.checks.registry import find as __find\n"
    "for __id in {exercises!r}: __find(__id)\ndel __id, __find"
)


class KernelDied(RuntimeError):
    """The kernel ended while a cell ran."""


class Report:
    """The job this run was given, and the pipe on which it tells what becomes of it."""

    def __init__(self) -> None:
        given, told = map(int, os.environ.pop(CHANNEL).split(","))
        with os.fdopen(given, encoding="utf-8") as job:
            self.job: dict[str, Any] = json.load(job)
        for descriptor in (told,):
            os.set_inheritable(descriptor, False)
        self._told = told
        self._writing = threading.Lock()

    def tell(self, **event: Any) -> None:
        """Write one event; whole, whatever the thread."""
        line = json.dumps(event).encode() + b"\n"
        with self._writing, suppress(OSError):
            while line:
                line = line[os.write(self._told, line) :]


REPORT = Report()
JOB = REPORT.job
LIMIT = {"reached": ""}


class Manager(KernelManager):
    """Speaks over Unix sockets, and starts the kernel inside what the job says, if anything.

    Over TCP, ports are picked, freed, and bound later: another process may take one meanwhile.
    """

    def __init__(self, **options: Any) -> None:
        folder = Path(os.environ["JUPYTER_RUNTIME_DIR"])
        file = folder / f"{secrets.token_hex(4)}.json"  # its sockets stand beside it
        super().__init__(transport="ipc", connection_file=str(file), **options)

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The kernel's command, wrapped."""
        command = super().format_kernel_cmd([*(extra_arguments or ()), "--log-level=ERROR"])
        return [*JOB["inside"], *command]

    @property
    def kernel_spec(self) -> Any:
        """Inside a wrapping a signal ends the wrapping: the kernel is then interrupted by word."""
        spec = super().kernel_spec
        if spec is not None and JOB["inside"]:
            spec.interrupt_mode = "message"
        return spec


class StrictKernel(nbval.kernel.RunningKernel):
    """A kernel whose replies are kept, whose life is watched and whose output is bounded."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.reply: dict[str, Any] = {}
        self.timed_out = False
        self._pending: deque[dict[str, Any]] = deque()
        self._kept = 0
        self._end = None
        super().__init__(*arguments, **options)
        self.modules = [*witness.ENGINE]
        self._salt = secrets.token_hex(8)  # of what is compared with the kernel's own beginning
        modules = [*self.modules, *JOB["exercises"]]
        self.run(PREPARE.format(modules=modules, exercises=_exercises()))
        prepared = self.reply.get("status") == "ok"
        if JOB["hidden"]:  # loaded, here and there: no learner's code is to read them
            shutil.rmtree(JOB["hidden"])
        self.first = self.look()
        if not (prepared and self.first):
            raise RuntimeError("the course's own modules cannot be imported in this kernel")

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Send a cell; what the last one has left is no longer of interest."""
        self.reply, self.timed_out, self._kept, self._end = {}, False, 0, None
        self._pending.clear()
        return super().execute_cell_input(cell_input, allow_stdin)

    def await_reply(self, msg_id: str, timeout: float | None = None) -> None:
        """Wait for the reply and keep it; raises `KernelDied`, or `Empty` after `timeout`."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            self._drain()
            with suppress(Empty):
                message = self.get_message("shell", timeout=POLL if not self._pending else 0.05)
                if message["parent_header"].get("msg_id") == msg_id:
                    self.reply = message["content"]
                    return
            self._require_alive()
            if end is not None and time.monotonic() >= end:
                self.timed_out, self._end = True, time.monotonic() + INSIST
                raise Empty

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """The next message; of the output, what is not too much of it."""
        if stream != "iopub":
            return super().get_message(stream, timeout)
        if self._pending:
            return self._pending.popleft()
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            if self._end is not None and time.monotonic() > self._end:
                raise Empty  # it was interrupted, and goes on printing
            with suppress(Empty):
                return self._bounded(super().get_message(stream, POLL))
            self._require_alive()
            if end is not None and time.monotonic() >= end:
                raise Empty

    def run(self, code: str, timeout: float = 60) -> list[dict[str, Any]]:
        """Run code of ours; its outputs. Raises `KernelDied` or `Empty`."""
        sent = self.execute_cell_input(code, allow_stdin=False)
        self.await_reply(sent, timeout)
        outputs = []
        while True:
            message = self.get_message("iopub", timeout=10)
            if message["parent_header"].get("msg_id") != sent:
                continue
            if message["content"].get("execution_state") == "idle":
                return outputs
            outputs.append(message["content"])

    def look(self) -> dict[str, Any]:
        """What the witness sees; nothing where it was kept from seeing."""
        salt = secrets.token_hex(8)
        text = Path(witness.__file__).read_text(encoding="utf-8")
        options = {"source": text, "salt": salt, "first": self._salt, "mime": witness.MIME}
        outputs = self.run(LOOK.format(modules=self.modules, exercises=JOB["exercises"], **options))
        seen = [o["data"][witness.MIME] for o in outputs if witness.MIME in o.get("data", {})]
        told = seen[0] if len(seen) == 1 and isinstance(seen[0], dict) else {}
        kinds = {"seen": dict, "again": dict, "hooked": list}
        whole = all(isinstance(told.get(part), kind) for part, kind in kinds.items())
        return told if whole and told.get("salt") == salt else {}

    def _drain(self) -> None:
        """Take what was published, before it fills the memory of one side or the other."""
        for _ in range(100):
            try:
                self._pending.append(self._bounded(super().get_message("iopub", 0)))
            except Empty:
                return

    def _bounded(self, message: dict[str, Any]) -> dict[str, Any]:
        content = message["content"]
        if "text" in content:
            content["text"] = self._clipped(content["text"])
        if isinstance(content.get("data"), dict):
            kept = {k: v for k, v in content["data"].items() if k in KEPT_TYPES}
            content["data"] = {
                k: self._clipped(v) if k == "text/plain" else v for k, v in kept.items()
            }
        return message

    def _clipped(self, text: Any) -> str:
        text = str(text)[: max(0, MOST_OUTPUT - self._kept)]
        self._kept += len(text)
        return text

    def _require_alive(self) -> None:
        if not self.is_alive():
            raise KernelDied("the kernel died")


def _exercises() -> list[str]:
    """The ids of those that judge: `ch07.publish` for `course.ch07.publish`."""
    return [".".join(module.split(".")[-2:]) for module in JOB["exercises"]]


nbval.kernel.KernelManager = Manager
nbval.plugin.RunningKernel = StrictKernel
nbval.plugin.IPyNbCell.setup = lambda self: None  # no blanket xfail after a time-out


# -- the cells ------------------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """No comment or tag changes what is done with a cell."""
    for item in items:
        item.options.update(skip=False, check=False, check_exception=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Run a cell, tell what became of it, and fail it where stock nbval would not."""
    started, check = time.monotonic(), _check_of(item)
    kernel = item.parent.kernel
    check = check if kernel is not None and kernel.is_alive() else ""
    event: dict[str, Any] = {"cell": item.cell.get("id", ""), "state": "ok", "told": ""}
    mark = secrets.token_hex(16)
    source = item.cell.source
    try:
        if check:
            event["tampered"] = _tampered(kernel)
            item.cell.source = ASK.format(mark=mark, seed=_seed(check)) + source
        yield
        _require_reply(item)
        if check:
            event["tampered"] += _tampered(kernel)
    except BaseException as error:
        event |= _became(item, error)
        if check and event["state"] == "error":
            with suppress(KernelDied, Empty, RuntimeError):
                event["tampered"] += _tampered(kernel)
        raise
    finally:
        item.cell.source = source
        event["seconds"] = round(time.monotonic() - started, 2)
        if check:
            event["receipts"] = _receipts(item, mark)
        REPORT.tell(**event)


def _check_of(item: pytest.Item) -> str:
    return item.cell.metadata.get("workbook", {}).get("check", "")


def _seed(check: str) -> int | None:
    """What the draws of a check start from, the same at each grading of one learner."""
    own = JOB["seed"]
    return None if own is None else random.Random(f"{own} {check}").randrange(1, 100_000)


def _require_reply(item: pytest.Item) -> None:
    status = item.parent.kernel.reply.get("status")
    if status != "ok":
        item.raise_cell_error(f"the cell failed and hid its error (status: {status})")


def _became(item: pytest.Item, error: BaseException) -> dict[str, str]:
    """The state of a cell that failed, and what to tell of it."""
    kernel = item.parent.kernel
    if kernel is None:
        return {"state": "unstarted", "told": str(error)[:LONGEST_TEXT]}
    if isinstance(error, KernelDied) or not kernel.is_alive():
        state = "timeout" if kernel.timed_out else "died"
        if "on test start" in str(error):
            state = "dead"
        return {"state": state, "told": LIMIT["reached"]}
    if kernel.timed_out:
        return {"state": "timeout", "told": ""}
    reply = kernel.reply
    name, value = str(reply.get("ename", "")), str(reply.get("evalue", ""))
    return {"state": "error", "told": f"{name}: {value}"[:LONGEST_TEXT] if name else ""}


def _tampered(kernel: StrictKernel) -> list[str]:
    """What no longer is as here, or as when this kernel began; one that is silent is ended."""
    try:
        told = kernel.look()
    except Empty:
        kernel.stop()
        raise KernelDied("the kernel no longer answers") from None
    if not told:
        return ["the witness is kept from speaking"]
    ours = witness.salted(told["salt"], _our_texts())
    seen, first = told["seen"], kernel.first
    changed = [name for name, digest in seen.items() if ours.get(name, digest) != digest]
    changed += [n for n, digest in first["again"].items() if told["again"].get(n) != digest]
    hooked = set(told["hooked"]) ^ set(first["hooked"])
    return sorted({*changed, *hooked})[:20]


@cache
def _our_texts() -> dict[str, str]:
    """What the judging code does here, where no learner has been."""
    return witness.texts(witness.ENGINE, JOB["exercises"])


def _receipts(item: pytest.Item, mark: str) -> list[Any]:
    """The verdicts that bear the mark of this very check."""
    outputs = item.test_outputs or ()
    found = [o["data"][RECEIPT] for o in outputs if RECEIPT in o.get("data", {})]
    return [r.get("verdict") for r in found if isinstance(r, dict) and r.get("mark") == mark]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A kernel that does not start fails each cell before it is called."""
    if report.when == "setup" and report.failed:
        REPORT.tell(state="unstarted", told=str(report.longrepr)[-2000:])


# -- the limits -----------------------------------------------------------------------------------


def pytest_sessionstart() -> None:
    """Nothing started here outlives this process, or takes more than was granted."""
    keeper.adopt_orphans()
    _bound_resources()
    for module in (*witness.ENGINE, *JOB["exercises"]):
        with suppress(ImportError):
            __import__(module)
    for exercise in _exercises():
        with suppress(ImportError):
            find(exercise)
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def pytest_sessionfinish() -> None:
    """What learners started ends here."""
    left = [_name(one) for one in keeper.descendants(os.getpid())]
    ended = keeper.end_all(os.getpid())
    REPORT.tell(left=left[:20], ended=ended)


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""


def _watch(grader: int) -> None:
    while True:
        time.sleep(WATCH)
        if os.getppid() != grader:
            keeper.end_all(os.getpid())
            os._exit(1)
        running = keeper.descendants(os.getpid())
        reached = _limit_reached(running)
        if reached:
            LIMIT["reached"] = reached
            keeper.end_all(os.getpid())


def _limit_reached(running: list[psutil.Process]) -> str:
    if len(running) > JOB["processes"]:
        return f"plus de {JOB['processes']} processus"
    if keeper.memory(running) > JOB["memory"]:
        return f"plus de {JOB['memory'] // 1_000_000} Mo de mémoire"
    return ""


def _bound_resources() -> None:
    """What the kernel inherits, where the system knows such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: JOB["file"],
        resource.RLIMIT_AS: 4 * JOB["memory"],
    }
    if os.getuid():  # the system never refuses a process to root
        limits[resource.RLIMIT_NPROC] = _tasks_of_this_user() + 4 * JOB["processes"]
    for kind, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _tasks_of_this_user() -> int:
    """Its threads, in all its processes: what the system counts."""
    mine, total = os.getuid(), 0
    for one in psutil.process_iter():
        with suppress(psutil.Error):
            if one.uids().real == mine:
                total += one.num_threads()
    return total
