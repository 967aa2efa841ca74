"""What a run costs: seconds and processor seconds by group of tests, and the slowest tests.

A test's processor seconds are those of its process and of the children reaped while it ran; a
server that outlives the test which started it is counted where it ends.
"""

import os
import signal
import time

import pytest

COST = "cost"  # the user property in which a test reports its seconds and processor seconds
SLOWEST = 10  # tests by their seconds, and as many files by their processor seconds
GROUPS = {
    "tests/services": "services",
    "tests/contracts": "contracts",
    "tests/chaos": "chaos",
    "tests/test_chaos": "chaos",
    "tests/browser": "browser",
    "tests/test_answers": "zoo",
    "tests/test_notebooks": "nbval",
}


def _processor():
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item, nextitem):
    """Measure set-up, test and tear-down together; the tear-down's report carries the figures."""
    item.began = _now()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "teardown":
        seconds, processor = (now - then for now, then in zip(_now(), item.began, strict=True))
        report.user_properties = [*report.user_properties, (COST, [seconds, processor])]
    return report


def _now():
    return time.perf_counter(), _processor()


def pytest_configure(config):
    """Hear Ctrl-C again: `nohup … &` leaves it ignored, here and in all that we start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_terminal_summary(terminalreporter):
    costs = {
        report.nodeid: value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == COST and report.when == "teardown"
    }
    if not costs:
        return
    terminalreporter.section("Ce que la suite a coûté")
    terminalreporter.line(f"{'groupe':<12} {'tests':>6} {'secondes':>9} {'processeur':>11}")
    for group, (seconds, processor, tests) in sorted(_sums(costs, _group).items()):
        terminalreporter.line(f"{group:<12} {tests:>6} {seconds:>9.0f} {processor:>11.0f}")
    terminalreporter.line("Les fichiers les plus coûteux :")
    files = _sums(costs, lambda nodeid: nodeid.partition("::")[0])
    for path in sorted(files, key=lambda path: -files[path][1])[:SLOWEST]:
        terminalreporter.line(f"{files[path][0]:>7.0f} s {files[path][1]:>7.0f} s  {path}")
    terminalreporter.line("Les tests les plus longs :")
    for nodeid in sorted(costs, key=lambda nodeid: -costs[nodeid][0])[:SLOWEST]:
        seconds, processor = costs[nodeid]
        terminalreporter.line(f"{seconds:>7.1f} s {processor:>7.1f} s  {nodeid}")


def _group(nodeid):
    return next((name for path, name in GROUPS.items() if nodeid.startswith(path)), "workbook")


def _sums(costs, part):
    """Seconds, processor seconds and tests of each `part(nodeid)`."""
    sums = {}
    for nodeid, (seconds, processor) in costs.items():
        total = sums.setdefault(part(nodeid), [0.0, 0.0, 0])
        for place, more in enumerate((seconds, processor, 1)):
            total[place] += more
    return sums
