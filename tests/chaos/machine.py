"""Machine: what share of it was left to the shop, second by second, while others used it too."""

import contextlib
import threading
import time

import psutil

PERIOD = 1.0  # seconds


class Meter:
    """Measures in a thread while the block runs; `shares` are (since, until, share).

    What nobody used was the shop's to take, and so was what it used itself: this process and all
    that it started. The rest went to others.
    """

    def __init__(self, shares):
        self.shares, self._over = shares, threading.Event()
        self._thread = threading.Thread(target=self._measure, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _measure(self):
        since, before, own = time.time(), psutil.cpu_times(), used()
        while not self._over.wait(PERIOD):
            until, now, own_now = time.time(), psutil.cpu_times(), used()
            ours = (now.idle - before.idle) + sum(
                max(0.0, seconds - own.get(pid, 0.0)) for pid, seconds in own_now.items()
            )
            total = sum(now[:8]) - sum(before[:8])
            self.shares.append((since, until, min(1.0, ours / total) if total else 1.0))
            since, before, own = until, now, own_now


def used():
    """{pid: seconds of processor} of this process and all that it started."""
    found = {}
    this = psutil.Process()
    for process in (this, *this.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            found[process.pid] = times.user + times.system
    return found
