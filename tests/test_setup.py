"""The top level keeps its promises: compose, conda, locks, the two READMEs, the set-up script."""

import http.server
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import tomllib
import venv
from pathlib import Path

import pytest
import yaml
from basics import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
READMES = ["README.md", "README.en.md"]
# The folder of this copy, and anybody's home but Homebrew's.
MACHINE_PATH = re.compile(
    re.escape(os.fsencode(ROOT)) + rb"\b|(?<![\w.])/(?:root|home/(?!linuxbrew/)\w+|Users/\w+)/[\w.]"
)


def requirements(lines):
    """Version bounds by canonical name."""
    found = [Requirement(line) for line in lines if isinstance(line, str)]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in found}


RUNTIME = requirements(PROJECT["project"]["dependencies"])
DEVELOPMENT = requirements(PROJECT["dependency-groups"]["dev"])


class TestCompose:
    @pytest.fixture
    def compose(self):
        return yaml.safe_load((ROOT / "docker-compose.yml").read_text())

    def test_follows_the_specification(self):
        """The file is valid for Docker Compose."""
        check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
        result = subprocess.run(
            [*check, "vendor.compose-spec", ROOT / "docker-compose.yml"],
            capture_output=True,
            text=True,
        )

        assert result.returncode == 0, result.stdout

    def test_names_what_it_declares(self, compose):
        """The schema does not see a dependency on, or a volume of, nothing."""
        for service in compose["services"].values():
            volumes = {volume.split(":")[0] for volume in service["volumes"]} - {"."}

            assert set(service.get("depends_on", [])) <= set(compose["services"])
            assert volumes <= set(compose["volumes"])

    def test_stays_on_this_machine(self, compose):
        """No port is published to the network."""
        ports = [port for service in compose["services"].values() for port in service["ports"]]

        assert ports
        assert all(port.startswith("127.0.0.1:") for port in ports)

    def test_holds_no_secret(self, compose):
        """The password comes from outside, and its absence is said."""
        broker = compose["services"]["rabbitmq"]["environment"]

        assert broker["RABBITMQ_DEFAULT_PASS"].startswith("${RABBITMQ_PASSWORD:?")

    def test_builds_from_what_is_there(self, compose):
        """The image copies only files of the repository."""
        dockerfile = (ROOT / compose["services"]["jupyterlab"]["build"]["dockerfile"]).read_text()
        copied = re.findall(r"^COPY (\S+)", dockerfile, re.MULTILINE)

        assert copied
        assert all((ROOT / name).exists() for name in copied)


class TestConda:
    @pytest.fixture
    def dependencies(self):
        return yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]

    def test_names_python_as_binder_reads_it(self, dependencies):
        """repo2docker ignores a bound and would silently take an old Python."""
        assert any(re.fullmatch(r"python=3\.\d+", str(line)) for line in dependencies)

    def test_leaves_erlang_to_rabbitmq(self, dependencies):
        """The newest Erlang of conda-forge is too new for its RabbitMQ."""
        assert "rabbitmq-server" in dependencies
        assert not any(str(line).startswith("erlang") for line in dependencies)

    def test_follows_the_project(self, dependencies):
        """The same packages within the same bounds, by conda or by pip."""
        from_pip = next(line["pip"] for line in dependencies if isinstance(line, dict))
        conda = [line for line in dependencies if not str(line).startswith("python=")]
        wanted = requirements(conda) | requirements(line for line in from_pip if line != "-e .")
        wanted["matplotlib"] = wanted.pop("matplotlib-base")

        assert {name: wanted[name] for name in RUNTIME} == RUNTIME
        assert "-e ." in from_pip


class TestLocks:
    @staticmethod
    def pins(name):
        lines = (ROOT / name).read_text().splitlines()
        pinned = [Requirement(line) for line in lines if "==" in line and not line.startswith(" ")]
        return {(canonicalize_name(pin.name), str(pin)) for pin in pinned}

    @pytest.mark.parametrize(
        ("lock", "wanted"),
        [("requirements.lock", RUNTIME), ("requirements-dev.lock", RUNTIME | DEVELOPMENT)],
    )
    def test_answers_the_project(self, lock, wanted):
        """Every dependency is pinned, within its bounds."""
        pinned = [(name, Requirement(pin).specifier) for name, pin in self.pins(lock)]

        for name, bounds in wanted.items():
            versions = [str(pin).removeprefix("==") for other, pin in pinned if other == name]
            assert versions, f"{name} is not in {lock}: make lock"
            assert all(version in bounds for version in versions)

    def test_agree(self):
        """What the tests prove is what a learner installs."""
        assert self.pins("requirements.lock") <= self.pins("requirements-dev.lock")


class TestReadmes:
    @staticmethod
    def outline(name):
        """Shape of the text: headings, code blocks, table rows, lists, links but the twin's own."""
        text = (ROOT / name).read_text()
        lines = re.findall(r"^(#+|```|\||- |\d\. |!\[)", text, re.MULTILINE)
        links = [link for link in re.findall(r"\]\((.+?)\)", text) if link not in READMES]
        return lines, links, len(text.splitlines())

    def test_are_twins(self):
        """The French and the English page say the same things in the same order."""
        french, english = map(self.outline, READMES)

        assert french == english

    @pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
    def test_lead_somewhere(self, name):
        """Every link into the repository leads to a file."""
        links = re.findall(r"\]\((?!http|course:)(.+?)\)", (ROOT / name).read_text())

        assert [link for link in links if not (ROOT / link).exists()] == []


class TestProduct:
    def test_names_no_machine(self):
        """No file, and no output of a notebook, tells where somebody's copy lived."""
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
        files = [ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name]
        told = {file.name: MACHINE_PATH.search(file.read_bytes()) for file in files}

        assert {name: found[0] for name, found in told.items() if found} == {}


class TestScript:
    @pytest.fixture
    def copy(self, tmp_path):
        shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
        return tmp_path

    def test_make_lists_its_verbs(self):
        """A newcomer who types `make` learns what to type next."""
        shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True).stdout

        assert "make lab" in shown
        assert "make test" in shown

    def test_env_is_private_and_kept(self, copy):
        """The broker's password is the owner's alone, and written once."""
        write = ["sh", copy / "deploy/setup.sh", "env"]
        subprocess.run(write, check=True)
        first = (copy / ".env").read_text()
        subprocess.run(write, check=True)

        assert (copy / ".env").read_text() == first
        assert (copy / ".env").stat().st_mode & 0o077 == 0
        assert re.search(r"^RABBITMQ_PASSWORD=[0-9a-f]{32}$", first, re.MULTILINE)

    def test_old_python_is_refused(self, copy):
        """Where every Python is too old, one sentence says so."""
        for tool in ("sh", "dirname"):
            (copy / tool).symlink_to(shutil.which(tool))
        for version in ("python3", "python3.14"):
            (copy / version).write_text("#!/bin/sh\nexit 1\n")
            (copy / version).chmod(0o755)
        result = subprocess.run(
            ["sh", "deploy/setup.sh", "python", "requirements.lock"],
            cwd=copy,
            env={"PATH": str(copy)},
            capture_output=True,
            text=True,
        )

        assert result.returncode == 1
        assert "Il faut Python 3.11" in result.stderr

    def test_copied_folder_forgets_the_other(self, copy):
        """An environment made elsewhere runs the other folder's course: it is made again."""
        (copy / ".venv").mkdir()
        (copy / ".venv/pyvenv.cfg").write_text("command = python3 -m venv /elsewhere/.venv\n")
        (copy / ".venv/.lab").touch()

        subprocess.run(["sh", copy / "deploy/setup.sh", "moved"], check=True)

        assert not (copy / ".venv/.lab").exists()

    def test_folder_that_stayed_keeps_its_environment(self, copy):
        (copy / ".venv").mkdir()
        (copy / ".venv/pyvenv.cfg").write_text(f"command = python3 -m venv {copy}/.venv\n")
        (copy / ".venv/.lab").touch()

        subprocess.run(["sh", copy / "deploy/setup.sh", "moved"], check=True)

        assert (copy / ".venv/.lab").exists()

    def test_packages_come_from_the_index_pip_knows(self, copy, mirror):
        """Where PyPI is closed, the mirror that pip was told of serves every package."""
        venv.create(copy / ".venv", symlinks=True)
        (copy / ".venv/bin/uv").symlink_to(shutil.which("uv", path=Path(sys.executable).parent))
        (copy / "one.lock").write_text("flask==3.1.0\n")
        result = subprocess.run(
            ["sh", copy / "deploy/setup.sh", "python", "one.lock"],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(copy),
                "PYTHONPATH": sysconfig.get_path("purelib"),  # pip's
                "PIP_INDEX_URL": mirror.url,
                "UV_NO_CACHE": "1",
            },
            capture_output=True,
            text=True,
        )

        assert result.returncode != 0
        assert "/flask/" in mirror.asked, result.stderr


@pytest.fixture
def mirror():
    """An index of packages that has none, and remembers what it was asked for."""

    class Empty(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    server.asked, server.url = [], f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
