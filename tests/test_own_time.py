"""A process that waits for a processor does not look idle meanwhile."""

import os
import subprocess
import sys
import time

import psutil
import pytest
from basics import eventually

from workbook.failures.own_time import OwnTime

BUSY = "while True: pass"
COUNTED = pytest.mark.skipif(not psutil.LINUX, reason="only Linux counts what threads wait")


@pytest.fixture
def start():
    """Starts programs on one processor, and ends them."""
    started, processor = [], min(os.sched_getaffinity(0))

    def start_one(program):
        process = subprocess.Popen([sys.executable, "-c", program])
        os.sched_setaffinity(process.pid, {processor})
        started.append(process)
        return process

    yield start_one
    for process in started:
        process.kill()
        process.wait()


@COUNTED
def test_stands_still_while_others_run(start):
    """Three that never sleep on one processor: each has a part of the time, not all of it."""
    first, *_ = [start(BUSY) for _ in range(3)]
    began, own = time.monotonic(), OwnTime(first.pid)
    while time.monotonic() - began < 1:
        time.sleep(0.02)
        had = own.now()

    assert 0 < had < 0.8 * (time.monotonic() - began)


def test_sleep_is_its_own():
    """Who sleeps waits for nothing: all of the time is its own."""
    sleeper = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"], stdin=-1, stdout=-1
    )
    sleeper.stdout.readline()
    eventually(lambda: psutil.Process(sleeper.pid).status() == psutil.STATUS_SLEEPING)
    own, began = OwnTime(sleeper.pid), time.monotonic()
    time.sleep(0.3)
    asleep = time.monotonic() - began
    had = own.now()
    sleeper.communicate(b"\n")

    assert had >= asleep


def test_ended_process(start):
    """One that is no more has the ordinary clock."""
    process = start("")
    own = OwnTime(process.pid)
    process.wait()

    assert own.now() > 0
