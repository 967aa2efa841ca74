"""The probe: it sees the effects of a script it does not know, and kills it between two of them."""

import json
import os
import subprocess
import sys

import pytest

from workbook.failures.worker import PROBE
from workbook.waiting import until

TWO_COMMITS = """
import sqlite3
db = sqlite3.connect("books.db", isolation_level=None)
db.execute("CREATE TABLE IF NOT EXISTS lines (number)")
for number in range(2):
    db.execute("BEGIN")
    db.execute("INSERT INTO lines VALUES (?)", [number])
    db.execute("COMMIT")
with open("done.txt", "a") as done:
    print("done", file=done)
print("end")
"""
COUNT = "import sqlite3; print(*sqlite3.connect('books.db').execute('SELECT count(*) FROM lines'))"


@pytest.fixture
def probed(tmp_path):
    """Runs a script under the probe, to die at its n-th point; returns its exit code and points."""
    place = tmp_path / "place"
    place.mkdir()
    script = tmp_path / "script.py"

    def run(source, nth=0):
        script.write_text(source)
        control = tmp_path / f"life-{nth}"
        control.mkdir()
        (control / "strike").write_text(json.dumps({"id": 1, "after": -1, "nth": nth}))
        env = os.environ | {"PROBED": str(script), "PROBE": str(control)}
        done = subprocess.run([sys.executable, str(PROBE)], env=env, cwd=place, timeout=60)
        points = [json.loads(line) for line in (control / "points").read_text().splitlines()]
        return done.returncode, points

    run.place = place
    return run


WAITING = """
import threading
from pathlib import Path
threading.Timer(0.1, Path("meanwhile.txt").write_text, ["by another thread"]).start()
Path("first.txt").write_text("1")
Path("last.txt").write_text("2")
"""


def test_points_come_after_effects(probed):
    """One a durable change: a table made, two commits, each seen before the loop's next turn."""
    code, points = probed(TWO_COMMITS)

    assert code == 0
    assert [point["line"] for point in points if "commit" in point["after"]] == [5, 5, 5]
    assert points[-1]["after"] == ["file"]


def test_death_between_two_commits(probed):
    code, points = probed(TWO_COMMITS)
    _, second, _ = [n for n, point in enumerate(points, 1) if "commit" in point["after"]]
    (probed.place / "books.db").unlink()

    code, points = probed(TWO_COMMITS, nth=second)

    assert code == -9
    assert points[-1]["struck"]
    counted = subprocess.run(
        [sys.executable, "-c", COUNT], cwd=probed.place, capture_output=True, text=True
    )
    assert counted.stdout.strip() == "(1,)"


def test_every_point_can_be_struck(probed):
    """The same script, one death further each time, until it ends by itself."""
    codes = []
    for nth in range(1, 20):
        codes.append(probed(TWO_COMMITS, nth=nth)[0])
        if codes[-1] == 0:
            break

    assert codes[-1] == 0
    assert len(codes) > 3
    assert set(codes[:-1]) == {-9}


CALLS = """
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.request import Request, urlopen


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(204)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Answers)
answering = threading.Thread(target=lambda: [server.handle_request() for _ in range(2)])
answering.start()
address = f"http://127.0.0.1:{server.server_port}/"
urlopen(address).read()
urlopen(Request(address, data=b"{}", method="POST")).read()
answering.join()
print("end")
"""


def test_http_calls(probed):
    """Asking for a change and answering are effects, seen by both sides; a GET is none."""
    _, points = probed(CALLS)

    assert [name for point in points for name in point["did"]] == ["call", "answer"]
    assert points[-1]["received"] == 1
    assert any("heard" in point["after"] for point in points)


def test_one_thread_may_be_kept_waiting(tmp_path):
    """Between two of its effects, while the others go on; then it goes on too."""
    script, taken = tmp_path / "script.py", tmp_path / "taken"
    script.write_text(WAITING)
    order = {"id": 1, "after": -1, "nth": 1, "wait": True}
    (tmp_path / "strike").write_text(json.dumps(order))
    place = tmp_path / "place"
    place.mkdir()
    env = os.environ | {"PROBED": str(script), "PROBE": str(tmp_path)}

    with subprocess.Popen([sys.executable, str(PROBE)], env=env, cwd=place) as process:
        met = until(lambda: taken.exists() and (place / "meanwhile.txt").exists(), seconds=60)
        waited = not (place / "last.txt").exists()
        taken.unlink()

    assert met
    assert waited
    assert process.returncode == 0
    assert (place / "last.txt").exists()
