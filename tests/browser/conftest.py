"""A course of one's own, opened as `make lab` opens it, and a real browser in front of it."""

import json
import os
import shutil
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import programs
import psutil
import pytest
from basics import ROOT, eventually
from playwright.sync_api import sync_playwright

STARTS_WITHIN = 180  # seconds, on a machine with other work
STOPS_WITHIN = 60
CHROMIUM_FLAGS = [
    "--no-sandbox",  # root, in a container
    "--disable-gpu",
    "--disable-dev-shm-usage",  # 64 MB in most containers
    # Whatever Chromium would like to fetch for itself.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Lab:
    """A running JupyterLab: its address, and the processes it has started so far."""

    url: str
    token: str
    process: subprocess.Popen

    def tree(self, notebook):
        return f"{self.url}lab/tree/{notebook}?token={self.token}"

    def descendants(self):
        return psutil.Process(self.process.pid).children(recursive=True)


def started(runtime):
    """What the server wrote down about itself, once it listens."""
    found = next(runtime.glob("jpserver-*.json"), None)
    try:
        return found and json.loads(found.read_text())
    except json.JSONDecodeError:  # half written
        return None


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of what a learner opens, so that nothing they run is written into the repository."""
    folder = tmp_path_factory.mktemp("course")
    (folder / ".venv").symlink_to(ROOT / ".venv")
    for part in ("deploy", "notebooks"):
        shutil.copytree(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def lab(course):
    """JupyterLab as `make lab` starts it, asked for a port that is taken; ended by Ctrl-C."""
    home, temporary = course / "home", course / "tmp"
    temporary.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")},
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "WORKBOOK_PROGRESS": str(home / "progress.jsonl"),
        "PYTHONPATH": str(ROOT),
    }
    # A kernel that believes itself under pytest would raise where a learner sees a card.
    environment.pop("PYTEST_CURRENT_TEST", None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = subprocess.Popen(
            ["sh", "deploy/lab.sh", "--no-browser", "--expose-app-in-browser", f"--port={port}"],
            cwd=course,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=(course / "lab.log").open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            server = eventually(
                lambda: started(home / "runtime"), STARTS_WITHIN, "JupyterLab listens"
            )
            assert server["port"] != port
            yield Lab(server["url"], server["token"], process)
        finally:
            stop(process)
        assert list(temporary.glob("workbook-*")) == []


def stop(process):
    """Ctrl-C, then nothing that descends from it may be left."""
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(STOPS_WITHIN)
        _, alive = psutil.wait_procs(family, STOPS_WITHIN)
        left = [" ".join(survivor.cmdline()) for survivor in alive]
        assert left == [], "left behind by Ctrl-C"
    finally:
        for survivor in family:
            if survivor.is_running():
                survivor.kill()
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=programs.find("chromium"), args=CHROMIUM_FLAGS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    yield page
    page.close()


@pytest.fixture
def screenshot(tmp_path):
    """Keep what the learner sees, in WORKBOOK_SCREENSHOTS when it is set."""
    folder = Path(os.environ.get("WORKBOOK_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return lambda target, name: target.screenshot(path=folder / f"{name}.png")
