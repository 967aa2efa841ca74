"""What every test shares: a test that needs an absent program is skipped, and the run says so.

    @pytest.mark.needs("rabbitmq", "chromium")     names of programs.PROGRAMS or RIGHTS

A run that had to leave a group out ends by naming it; for want of a program it fails under CI=true.
"""

import os
import re

import programs
import pytest
import spread
import zoo

pytest_plugins = ["costs"]

SKIPPED = "il manque "


def pytest_addoption(parser):
    told = "keep in course/*/answers the signatures of the wrong answers that this run judges"
    parser.addoption("--signatures", action="store_true", help=told)
    told = "live the fifteen incidents of lab 5, where three stand for them: eight minutes"
    parser.addoption("--every-incident", action="store_true", help=told)


@pytest.fixture(scope="module", autouse=True)
def _environment_given_back():
    """What a test sets in this process, or a cell that it runs there, ends with its module."""
    before = dict(os.environ)
    yield
    for name in {*os.environ, *before} - {"PYTEST_CURRENT_TEST"}:
        if name not in before:
            del os.environ[name]
        elif os.environ.get(name) != before[name]:
            os.environ[name] = before[name]


@pytest.fixture(scope="session")
def broker_for(tmp_path_factory):
    """The environment in which a chapter finds a RabbitMQ: one for all those that do not kill it.

    A node takes seconds of processor to start; each kernel has its own virtual host in any case.
    """
    from workbook.broker import Broker
    from workbook.checks.registry import chapters

    opened = []

    def environment(key):
        if chapters()[key].kills_broker or programs.missing(["rabbitmq"]):
            return {}
        if not opened:
            opened.append(Broker.start(run_folder=tmp_path_factory.mktemp("broker")))
        address = opened[0].url.rpartition("/")[0]
        return {"RABBITMQ_URL": address, "RABBITMQ_MANAGEMENT_URL": opened[0].management_url}

    yield environment
    for broker in opened:
        broker.close()


def pytest_configure(config):
    config.addinivalue_line("markers", "needs(*programs): skipped where one of them is absent")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if config.getvalue("dist") != "loadfile":
        return None
    return spread.Spread(config, log)


def pytest_collection_modifyitems(items):
    items.sort(key=spread.turn)


def pytest_runtest_setup(item):
    wanted = {name for mark in item.iter_markers("needs") for name in mark.args}
    if absent := programs.missing(wanted):
        pytest.skip(SKIPPED + ", ".join(absent))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that the workbook stops for want of a broker lacks RabbitMQ, it has not failed."""
    report = yield
    stopped = call.excinfo is not None and call.excinfo.typename == "BrokerMissing"
    if stopped and programs.missing(["rabbitmq"]):
        path, line, _ = item.location
        report.outcome = "skipped"
        report.longrepr = (path, line, f"Skipped: {SKIPPED}rabbitmq")
    return report


def groups_left_out(reporter):
    """How many tests each absent program kept from running."""
    counts = {}
    for report in reporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if found := re.search(rf"{SKIPPED}(.+)", reason):
            for name in found[1].split(", "):
                counts[name] = counts.get(name, 0) + 1
    return counts


def pytest_sessionfinish(session):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    absent = programs.PROGRAMS.keys() & groups_left_out(reporter) if reporter else ()
    if absent and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    zoo.print_matrix(terminalreporter)
    if terminalreporter.config.getoption("--signatures"):
        zoo.keep_signatures(terminalreporter)
    else:
        zoo.print_estranged(terminalreporter)
    if not (groups := groups_left_out(terminalreporter)):
        return
    terminalreporter.section("Tests que cette machine n’a pas pu lancer", yellow=True)
    for name, count in sorted(groups.items()):
        terminalreporter.line(f"{name} : {count} tests ({programs.remedy(name)})")
