"""Server: one process, one service, from its first line of output to its last.

    python -m services.chassis services.orders.app     a service of the shop
    python -m services.chassis path/to/service.py      a learner's: Flask, or a plain script

A module that defines `app` is served by waitress; one that blocks by itself, a consumer say, just
runs. SIGTERM is graceful: not ready, deregistered, running requests finished, then the exit.
"""

import errno
import importlib
import linecache
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from types import ModuleType

from flask import Flask
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from services.chassis import discovery, instrument, logs, output, settings, telemetry
from services.chassis.errors import attempt
from services.chassis.lifecycle import lifecycle

DRAIN_SECONDS = 5
BUSY_PORT = 98
log = logs.logging.getLogger(__name__)


def main(arguments):
    """Run the target to its end and return the exit code."""
    sys.stdout.reconfigure(line_buffering=True)
    logs.set_up()
    signal.signal(signal.SIGTERM, _leave)
    try:
        module = load(arguments[0])
    except SystemExit as exit:
        return exit.code
    except BaseException as error:
        _explain(arguments[0], error)
        return 1
    app = getattr(module, "app", None)
    return serve(instrument(app)) if isinstance(app, Flask) else _stop_worker()


def load(target):
    """Import the dotted module, or run the file as `python file.py` would, and return its module.

    `app.run()` at the end of a file does nothing, as under `flask run`: we serve the app.
    """
    os.environ["FLASK_RUN_FROM_CLI"] = "true"
    _name_connections()
    if not target.endswith(".py"):
        return importlib.import_module(target)
    path = Path(target).resolve()
    module = ModuleType("__main__")
    module.__file__ = str(path)
    sys.modules["__main__"] = module
    sys.path.insert(0, str(path.parent))
    exec(compile(path.read_bytes(), str(path), "exec"), vars(module))
    return module


def serve(app):
    """Serve `app` on HOST:PORT until SIGTERM, then drain; return the exit code."""
    try:
        server = listen(app)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        log.critical("Le port %s est déjà pris.", settings.port())
        return BUSY_PORT
    signal.signal(signal.SIGTERM, lambda *_: _in_thread(lambda: drain(server)))
    signal.signal(signal.SIGINT, signal.getsignal(signal.SIGTERM))
    _, error = attempt(lifecycle.start)
    address = {"host": server.effective_host, "port": int(server.effective_port)}
    output.event("listening", **address)
    _in_thread(lambda: announce(error, **address))
    server.run()
    return 0


def listen(app):
    """A waitress server bound to HOST:PORT, not yet answering."""
    server = create_server(
        app,
        host=settings.host(),
        port=settings.port(),
        threads=settings.threads(),
        connection_limit=2000,
        backlog=1024,
        asyncore_use_poll=True,
        ident=None,
        clear_untrusted_proxy_headers=False,
        max_request_body_size=1024 * 1024,
    )
    server.task_dispatcher = Lanes(server.task_dispatcher)
    return server


class Lanes:
    """Keeps one thread for /internal/, so that a hanging service can be told to stop hanging."""

    def __init__(self, requests):
        self.requests = requests
        self.control = ThreadedTaskDispatcher()
        self.control.set_thread_count(1)

    def add_task(self, channel):
        head = channel.requests[0]
        if lifecycle.stopping.is_set():
            head.headers["CONNECTION"] = "close"
        lane = self.control if head.path.startswith("/internal/") else self.requests
        lane.add_task(channel)

    def idle(self):
        with self.requests.lock:
            return not self.requests.queue and self.requests.active_count == 0

    def shutdown(self, cancel_pending=True, timeout=DRAIN_SECONDS):
        self.control.shutdown(cancel_pending, timeout=0)
        return self.requests.shutdown(cancel_pending, timeout)


def announce(error, host, port):
    """Finish a start that failed at first, then keep the registry in step with readiness."""
    pause = 0.1
    while error:
        log.error("Le démarrage n'est pas complet ; nouvel essai.", exc_info=error)
        if lifecycle.stopping.wait(pause):
            return
        pause = min(2 * pause, 2)
        _, error = attempt(lifecycle.start)
    output.event("ready")
    discovery.keep_registered(host, port, lifecycle)


def drain(server):
    """Stop in order: refuse newcomers, let the running requests end, clean up, leave."""
    if lifecycle.stopping.is_set():
        return
    output.event("stopping")
    lifecycle.state = "stopping"
    lifecycle.stopping.set()
    server.trigger.pull_trigger(lambda: server.del_channel() or server.socket.close())
    until = time.monotonic() + DRAIN_SECONDS
    while not server.task_dispatcher.idle() and time.monotonic() < until:
        time.sleep(0.01)
    lifecycle.stop()
    telemetry.flush()
    sys.stdout.flush()
    os._exit(0)


def _in_thread(function):
    threading.Thread(target=function, daemon=True).start()


def _leave(*_):
    """SIGTERM while there is nothing to drain: leave as by sys.exit(), through every `finally`."""
    raise SystemExit(0)


def _stop_worker():
    lifecycle.stop()
    return 0


def _name_connections():
    """Tell the broker who its clients are, those opened by a learner's own code too."""
    if settings.rabbitmq_url():
        import pika

        pika.connection.Parameters.DEFAULT_CLIENT_PROPERTIES = {
            "connection_name": settings.instance()
        }


def _explain(target, error):
    """Say on one line why the target could not start: the learner's own line, not ours."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(target).name in frame.filename] or frames[-1:]
    where = error if isinstance(error, SyntaxError) else own[-1]
    log.critical(
        "Le service ne démarre pas : %s: %s (%s, ligne %s) : %s",
        type(error).__name__,
        error.msg if isinstance(error, SyntaxError) else error,
        Path(where.filename or target).name,
        where.lineno,
        (linecache.getline(where.filename or "", where.lineno or 0)).strip(),
        exc_info=error,
    )
