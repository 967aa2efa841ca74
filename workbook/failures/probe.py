"""Runs a learner's script untouched, and kills it where asked between two of its effects.

    PROBED=/…/courrier.py PROBE=/…/life-3 python -m services.chassis probe.py

An effect is what outlives the process: a message acknowledged or published, an SQL commit, a file
written, an HTTP request that changes something, an answer to one. A *point* is a moment after an
effect (or after what was heard: a delivery, a request, a confirm, an answer) and before the next
line, statement or frame: the only moments where a `kill -9` may leave something half done. Each is
written in `PROBE/points`, one JSON object a line; `PROBE/strike` says at which one to die:

    {"id": 4, "after": 12, "nth": 3}   the third one once more than 12 messages or requests came

With `"wait": true` the thread that comes there waits instead, alone, as long as `PROBE/taken` is.

`PROBE_IGNORES` ends the name of the files whose changes are of no consequence.

Effects are seen below every library: frames as sockets carry them (AMQP 0-9-1, section 2.3.5),
statements as SQLite traces them, files as the system dates them. Only the standard library is
imported: a copy of this file is executed in the learner's process.
"""

import functools
import json
import os
import signal
import socket
import sqlite3
import struct
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from weakref import WeakKeyDictionary, WeakSet

DELIVERIES = {(60, 60), (60, 71)}  # basic.deliver, basic.get-ok
SENT = {
    (60, 40): "publish",
    (60, 80): "ack",
    (60, 90): "reject",
    (60, 110): "recover",
    (60, 120): "nack",
    (90, 20): "commit",
}
CONFIRMS = {(60, 80), (60, 120)}  # basic.ack and basic.nack, when the broker says them
PROTOCOL_HEADER = b"AMQP"
CALLS = (b"POST ", b"PUT ", b"PATCH ", b"DELETE ")  # RFC 9110: what is not safe
ANSWER = b"HTTP/1."
METHOD_FRAME = 1
HARMLESS = ("SELECT", "BEGIN", "PRAGMA", "SAVEPOINT", "ROLLBACK", "EXPLAIN", "ATTACH", "--")
COMMITS = ("COMMIT", "END")
JOURNALS = ("-journal", "-wal", "-shm")
WRITING = os.O_WRONLY | os.O_RDWR
ON_ITS_WAY = 0.03  # seconds in which the broker reads what was sent just before the death
WAITING = 0.01  # seconds between two looks at what keeps a thread waiting


def methods_in(data):
    """(class, method) of the whole AMQP frames in `data`, and the bytes left of the next one."""
    if data.startswith(PROTOCOL_HEADER):
        data = data[8:]
    found = []
    while len(data) >= 7:
        kind, _, size = struct.unpack(">BHI", data[:7])
        if len(data) < size + 8:
            break
        if kind == METHOD_FRAME:
            found.append(struct.unpack(">HH", data[7:11]))
        data = data[size + 8 :]
    return found, data


class Probe:
    """Counts the points of this process, and dies at the one asked for."""

    def __init__(self, script, folder):
        self.script, self.folder = script, folder
        self.ignored = tuple(filter(None, (*JOURNALS, os.environ.pop("PROBE_IGNORES", ""))))
        self.lock = threading.RLock()
        self.received = self.heard = self.committed = self.count = self.nth = 0
        self.sent, self.elsewhere = [], set()
        self.order, self.waits = None, False
        self.outgoing, self.incoming = WeakKeyDictionary(), WeakKeyDictionary()
        self.called, self.served = WeakSet(), WeakSet()  # sockets that carry HTTP
        self.to_answer = 0
        self.log = os.open(folder / "points", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.last = self.world()

    # -- what is seen of the world ------------------------------------------------------------

    def world(self):
        return self.received, self.heard, self.committed, len(self.sent), self.files()

    def files(self):
        """Size and date of the files in this folder, and of those written elsewhere."""
        with suppress(OSError):
            here = {entry.path for entry in os.scandir()}
            return tuple(map(_dated, sorted(filter(self.counts, here | self.elsewhere))))
        return ()

    def counts(self, path):
        return not path.endswith(self.ignored)

    # -- points -------------------------------------------------------------------------------

    def point(self, line):
        """Here, all that came before has happened, and nothing of what follows."""
        with self.lock:
            world = self.world()
            if world == self.last:
                return
            changed = [name for name, a, b in zip(NAMES, self.last, world, strict=True) if a != b]
            did = self.sent[self.last[SENT_COUNT] : world[SENT_COUNT]]
            self.last = world
            self.count += 1
            is_time = self.is_time()
            struck = is_time and not self.waits
            self.say(line=line, after=changed, did=did, struck=struck)
            if struck:
                time.sleep(ON_ITS_WAY)  # holding the lock: no other thread goes past its next line
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        while is_time and (self.folder / "taken").exists():
            time.sleep(WAITING)

    def say(self, **record):
        record |= {"received": self.received}
        os.write(self.log, json.dumps(record).encode() + b"\n")

    def is_time(self):
        with suppress(OSError, ValueError):
            order = json.loads((self.folder / "strike").read_text())
            if order["id"] != self.order:
                self.order, self.nth, self.waits = order["id"], 0, order.get("wait", False)
            if self.received > order["after"]:
                self.nth += 1
            if self.nth == order["nth"]:
                # Taken, or else withdrawn in the meantime.
                (self.folder / "strike").rename(self.folder / "taken")
                return True
        return False

    # -- lines --------------------------------------------------------------------------------

    def trace(self, frame, event, argument):
        if frame.f_code.co_filename != self.script:
            return None
        if event == "line":
            self.point(frame.f_lineno)
        return self.trace

    def line(self):
        """The learner's line that led here."""
        frame = sys._getframe()
        while frame is not None and frame.f_code.co_filename != self.script:
            frame = frame.f_back
        return frame.f_lineno if frame else 0

    # -- statements and files -----------------------------------------------------------------

    def audit(self, event, arguments):
        if event == "open" and isinstance(arguments[0], str) and (arguments[2] or 0) & WRITING:
            self.elsewhere.add(arguments[0])

    def watch_databases(self):
        """Under SQLAlchemy too."""
        plain = sqlite3.connect

        @functools.wraps(plain)
        def connect(*arguments, **options):
            connection = plain(*arguments, **options)
            connection.set_trace_callback(lambda sql: self.statement(connection, sql))
            return connection

        sqlite3.connect = sqlite3.dbapi2.connect = connect

    def statement(self, connection, sql):
        """Called before each statement runs."""
        first = sql.lstrip().split(None, 1)[0].upper().rstrip(";") if sql.strip() else ""
        if not first or first.startswith(HARMLESS):
            return
        self.point(self.line())
        if first in COMMITS or not connection.in_transaction:
            self.committed += 1

    # -- frames -------------------------------------------------------------------------------

    def watch_sockets(self):
        """Under every client of AMQP: each ends up in one of these four."""
        plain = socket.SocketType

        def send(sock, data, *flags):
            names = self.leaving(sock, data)
            count = plain.send(sock, data, *flags)
            self.gone(sock, bytes(data[:count]), names)
            return count

        def sendall(sock, data, *flags):
            names = self.leaving(sock, data)
            plain.sendall(sock, data, *flags)
            self.gone(sock, bytes(data), names)

        def recv(sock, *arguments):
            data = plain.recv(sock, *arguments)
            self.come(sock, data)
            return data

        def recv_into(sock, buffer, *arguments):
            count = plain.recv_into(sock, buffer, *arguments)
            self.come(sock, bytes(memoryview(buffer).cast("B")[:count]))
            return count

        for function in (send, sendall, recv, recv_into):
            setattr(socket.socket, function.__name__, function)

    def leaving(self, sock, data):
        """A point before anything that has an effect; return what it will have been."""
        names = self.effects_of(sock, bytes(data))
        if names:
            self.point(self.line())
        return names

    def effects_of(self, sock, data):
        if data.startswith(CALLS):
            self.called.add(sock)
            return ["call"]
        if sock in self.served:
            return ["answer"] if data.startswith(ANSWER) and self.to_answer else []
        methods, _ = methods_in(self.outgoing.get(sock, b"") + data)
        return [SENT[method] for method in methods if method in SENT]

    def gone(self, sock, data, names):
        if "answer" in names:
            self.to_answer -= 1
        if sock not in self.called and sock not in self.served:
            _, self.outgoing[sock] = methods_in(self.outgoing.get(sock, b"") + data)
        self.sent.extend(names)

    def come(self, sock, data):
        if data.startswith(CALLS):
            self.served.add(sock)
            self.received += 1
            self.to_answer += 1
        if sock in self.called and data.startswith(ANSWER):
            self.heard += 1
        if sock in self.called or sock in self.served:
            return
        methods, self.incoming[sock] = methods_in(self.incoming.get(sock, b"") + data)
        self.received += sum(method in DELIVERIES for method in methods)
        self.heard += sum(method in CONFIRMS for method in methods)


NAMES = ("received", "heard", "commit", "sent", "file")
SENT_COUNT = NAMES.index("sent")


def _dated(path):
    with suppress(OSError):
        status = os.stat(path)  # noqa: PTH116 - at each line of the learner's: the cheap call
        return path, status.st_size, status.st_mtime_ns
    return path, -1, 0


def start_over(what):
    """Become another interpreter, where `hash()` has another salt than in those forked so far.

    `what` this is, a "script" or a "service", which the chassis serves.
    """
    os.environ.pop("PYTHONHASHSEED", None)
    command = [__file__] if what == "script" else ["-m", "services.chassis", __file__]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    os.execve(sys.executable, [sys.executable, *command], env)


def main():
    """Execute the script as `python script.py` would, under watch."""
    if what := os.environ.pop("PROBE_FRESH", ""):
        start_over(what)
    script = str(Path(os.environ.pop("PROBED")).resolve())
    probe = Probe(script, Path(os.environ.pop("PROBE")))
    sys.addaudithook(probe.audit)
    probe.watch_databases()
    probe.watch_sockets()
    module = ModuleType("__main__")
    module.__file__ = script
    sys.modules["__main__"] = module
    sys.path[0] = str(Path(script).parent)
    code = compile(Path(script).read_bytes(), script, "exec")
    threading.settrace(probe.trace)
    sys.settrace(probe.trace)
    exec(code, vars(module))
    globals()["app"] = getattr(module, "app", None)  # a service: the chassis serves it


if __name__ == "__main__":
    main()
