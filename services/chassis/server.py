"""Server: runs one service in one process, from its start to a graceful stop.

    python -m services.chassis services.orders.app     a service of the shop
    python -m services.chassis path/to/service.py      a learner's: Flask, or a plain script

A module that defines `app` is served by waitress; one that blocks by itself, a consumer say, just
runs. SIGTERM is graceful: not ready, deregistered, running requests finished, then the exit.
"""

import errno
import logging
import os
import signal
import sys
import threading
import time

from flask import Flask
from waitress.server import create_server
from waitress.task import ThreadedTaskDispatcher

from services.chassis import (
    discovery,
    faults,
    instrument,
    loading,
    logs,
    output,
    settings,
    telemetry,
)
from services.chassis.errors import caught
from services.chassis.lifecycle import lifecycle
from services.chassis.unparsed import Channel

DRAIN_SECONDS = 5
QUIET_SECONDS = 0.1
BUSY_PORT = 98
log = logging.getLogger(__name__)


def main(arguments):
    """Run the target to its end and return the exit code."""
    sys.stdout.reconfigure(line_buffering=True)
    logs.set_up()
    signal.signal(signal.SIGTERM, _leave)
    try:
        module = loading.load(arguments[0])
        app = getattr(module, "app", None)
        if isinstance(app, Flask):
            return serve(instrument(app))
        return 0 if module else 1
    finally:
        telemetry.flush()


def serve(app):
    """Serve `app` on HOST:PORT until SIGTERM, then drain; return the exit code."""
    try:
        server = listen(app)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        log.critical("Le port %s est déjà pris par un autre programme.", settings.port())
        return BUSY_PORT
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _in_thread(lambda: drain(server)))
    _, error = caught(lifecycle.start)
    address = {"host": server.effective_host, "port": int(server.effective_port)}
    output.event("listening", **address)
    lifecycle.background(lambda: announce(error, **address))
    server.run()
    return 0


def listen(app):
    """A waitress server bound to HOST:PORT, not answering yet."""
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
    server.channel_class = Channel
    server.task_dispatcher = Lanes(server.task_dispatcher)
    return server


class Lanes:
    """Keeps one thread for the faults, so that a hanging service can be told to stop hanging."""

    def __init__(self, requests):
        self.requests = requests
        self.control = ThreadedTaskDispatcher()
        self.control.set_thread_count(1)

    def add_task(self, channel):
        request = channel.requests[0]
        if lifecycle.draining.is_set():
            request.headers["CONNECTION"] = "close"
        # A request that waitress could not parse has no path.
        is_control = getattr(request, "path", "") == faults.PATH
        lane = self.control if is_control else self.requests
        lane.add_task(channel)

    def idle(self):
        """Whether no request is running or waiting."""
        with self.requests.lock:
            return not self.requests.queue and self.requests.active_count == 0

    def shutdown(self, cancel_pending=True, timeout=DRAIN_SECONDS):
        self.control.shutdown(cancel_pending, timeout=0)
        return self.requests.shutdown(cancel_pending, timeout)


def announce(error, host, port):
    """Finish a start that failed at first, then keep the registry in step with readiness."""
    pause = 0.1
    while error:
        log.error("Le démarrage n’est pas complet ; nouvel essai.", exc_info=error)
        if lifecycle.draining.wait(pause):
            return
        pause = min(2 * pause, 2)
        _, error = caught(lifecycle.start)
    output.event("ready")
    discovery.keep_registered(host, port, lifecycle)


def drain(server):
    """Stop in order: refuse newcomers, let the running requests end, clean up, leave.

    Callers forget an address a second after it is deregistered (discovery.CACHE_SECONDS): while
    requests still come the door stays open that long.
    """
    if lifecycle.draining.is_set():
        return
    lifecycle.draining.set()
    output.event("stopping")
    _wait_until_quiet(server, discovery.CACHE_SECONDS)
    server.trigger.pull_trigger(lambda: _close_the_door(server))
    _wait_until_quiet(server, DRAIN_SECONDS - discovery.CACHE_SECONDS)
    lifecycle.stop()
    telemetry.flush()
    # Threads that still hang would make the interpreter's own exit wait or crash.
    os._exit(0)


def _wait_until_quiet(server, seconds):
    """Wait until nothing has been running for QUIET_SECONDS, at most `seconds`."""
    now = time.monotonic()
    until, quiet_since = now + seconds, now
    while now < until and now - quiet_since < QUIET_SECONDS:
        time.sleep(0.005)
        now = time.monotonic()
        if not server.task_dispatcher.idle():
            quiet_since = now


def _close_the_door(server):
    """Stop accepting connections, without touching those that are open."""
    server.del_channel()
    server.socket.close()


def _in_thread(function):
    threading.Thread(target=function, daemon=True).start()


def _leave(*_):
    """SIGTERM while there is nothing to drain: leave as by sys.exit(), through every `finally`."""
    raise SystemExit(0)
