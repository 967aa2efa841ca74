"""Who handed in what: a folder, a zip or a notebook per learner, read without unpacking anything.

    class/alice/07_messages.ipynb                            a folder a learner
    class/bruno.zip    class/chloe.ipynb                     a zip, a notebook
    class/Nom Prénom_1234_assignsubmission_file_/…           Moodle, folders kept
    class/Nom Prénom_1234_assignsubmission_file_07_x.ipynb   Moodle, folders not kept
    class/submitted/dora/tp1/07_messages.ipynb               nbgrader

The class itself may be one zip, as Moodle gives it. From a zip, only regular files are read, in
memory, and never more than so many bytes: a path that climbs, a link or a bomb has no effect.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.views.canvas.words import NBSP

NOTEBOOK, ZIP, LOGBOOK = ".ipynb", ".zip", ".jsonl"
LARGEST = 100_000_000  # bytes of one notebook; one full of pictures is a few millions
LARGEST_IN_ALL = 300_000_000  # bytes read of one learner
MOST_FILES = 2_000
MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_(?P<file>.*)")
NO_DATE = 1980  # what an archive without dates says
PASSED_OVER = (".ipynb_checkpoints", "__MACOSX")
NBGRADER = "submitted"


class NothingToGrade(WorkbookError):
    """What was to be graded is not there."""


@dataclass
class Submission:
    """What one learner handed in; `moodle` is the number that Moodle knows the hand-in by.

    `dates` are those of the files: seconds since 1970 on a disk, a local time in an archive.
    """

    name: str
    moodle: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    dates: dict[str, float | datetime] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def slug(self) -> str:
        """A file name of its own: letters, digits and a mark of the whole name."""
        ascii_only = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-").lower()[:40]
        mark = hashlib.sha256(f"{self.name}\0{self.moodle}".encode("utf-8", "replace"))
        return f"{plain or 'sans-nom'}-{mark.hexdigest()[:6]}"

    def add(self, path: str, content: bytes, at: float | datetime | None = None) -> None:
        """Keep a file, within what one learner may hand in."""
        self.size += len(content)
        if self.size > LARGEST_IN_ALL:
            self.remarks.append(f"{path}{NBSP}: passé, l’envoi est trop grand.")
            return
        self.files[path] = content
        if at is not None:
            self.dates[path] = at


def collect(place: Path) -> list[Submission]:
    """The submissions at `place`, in the order of their names; raises `NothingToGrade`."""
    if not place.exists():
        raise NothingToGrade(f"« {_shown(place)} » n’existe pas.")
    class_: dict[tuple[str, str], Submission] = {}
    if place.is_file():
        for path, content, remark, at in _unzipped(place.read_bytes(), _shown(place)):
            head, _, rest = path.partition("/")
            _file(class_, head, rest or head, content, remark, at)
    else:
        start = place / NBGRADER if (place / NBGRADER).is_dir() else place
        for entry in sorted(start.iterdir()):
            _enter(class_, entry)
    if not class_:
        raise NothingToGrade(f"« {_shown(place)} » ne contient aucun envoi.")
    return sorted(class_.values(), key=lambda one: (one.name.casefold(), one.moodle))


def alone(place: Path) -> Submission:
    """What one learner would hand in: the notebooks under a folder, or one file."""
    found = Submission(_shown(place))
    if place.is_dir():
        _walk(found, place, place)
    elif place.is_file():
        _one_file(found, place, place.name)
    else:
        raise NothingToGrade(f"« {_shown(place)} » n’existe pas.")
    return found


def _enter(class_: dict[tuple[str, str], Submission], entry: Path) -> None:
    if entry.is_symlink() or entry.name.startswith("."):
        return
    if entry.is_dir():
        _walk(_learner(class_, _shown(entry)), entry, entry)
    elif entry.suffix.lower() in (NOTEBOOK, ZIP):
        _one_file(_learner(class_, _stem(entry)), entry, _shown(entry))


def _learner(class_: dict[tuple[str, str], Submission], name: str) -> Submission:
    """Whoever the name of a folder or file is of."""
    match = MOODLE.fullmatch(name)
    key = (match["name"], match["id"]) if match else (name, "")
    return class_.setdefault(key, Submission(*key))


def _stem(path: Path) -> str:
    """The name without its ending, which Moodle's own pattern needs in full."""
    name = _shown(path)
    return name if MOODLE.fullmatch(name) else name[: -len(path.suffix)]


def _walk(found: Submission, folder: Path, top: Path) -> None:
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink():
            found.remarks.append(f"{_shown(entry)}{NBSP}: un lien, passé.")
        elif entry.is_dir() and entry.name not in PASSED_OVER:
            _walk(found, entry, top)
        elif entry.is_file():
            _one_file(found, entry, _text_of(entry.relative_to(top)))


def _one_file(found: Submission, path: Path, shown: str) -> None:
    kind = path.suffix.lower()
    if kind not in (NOTEBOOK, ZIP, LOGBOOK):
        return
    if path.stat().st_size > LARGEST:
        found.remarks.append(f"{shown}{NBSP}: passé, trop grand.")
        return
    content, at = path.read_bytes(), path.stat().st_mtime
    if kind == ZIP:
        for inner, data, remark, _ in _unzipped(content, shown):
            _keep(found, inner, data, remark, at)
    else:
        found.add(shown, content, at)


def _file(
    class_: dict[tuple[str, str], Submission],
    head: str,
    rest: str,
    content: bytes,
    remark: str,
    at: datetime | None,
) -> None:
    """One member of the zip of a class: its first folder, or its name, says whose it is."""
    name = head if MOODLE.fullmatch(head) or head != rest else re.sub(r"\.\w+$", "", head)
    found = _learner(class_, name)
    if rest.lower().endswith(ZIP) and not remark:
        for inner, data, why, _ in _unzipped(content, rest):
            _keep(found, inner, data, why, at)
    else:
        _keep(found, rest, content, remark, at)


def _keep(
    found: Submission, path: str, content: bytes, remark: str, at: float | datetime | None
) -> None:
    """`at` is the date of what the learner handed in, not one that stands inside it."""
    if remark:
        found.remarks.append(f"{path}{NBSP}: {remark}")
    elif path.lower().endswith((NOTEBOOK, LOGBOOK)):
        found.add(path, content, at)


def _unzipped(content: bytes, shown: str) -> Iterator[tuple[str, bytes, str, datetime | None]]:
    """Path, content, why it is passed over if it is, and date, of each file that matters."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from _members(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        yield shown, b"", f"archive illisible ({type(error).__name__}).", None


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes, str, datetime | None]]:
    left = LARGEST_IN_ALL
    for number, member in enumerate(archive.infolist()):
        if number >= MOST_FILES:
            yield "…", b"", f"plus de {MOST_FILES} fichiers, le reste est passé.", None
            return
        path = member.filename.replace("\\", "/")
        if member.is_dir() or any(part in PASSED_OVER for part in path.split("/")):
            continue
        if not path.lower().endswith((NOTEBOOK, ZIP, LOGBOOK)):
            continue
        if remark := _refused(member, path):
            yield path, b"", remark, None
            continue
        with archive.open(member) as file:  # the size that it announces may be a lie
            data = file.read(min(LARGEST, left) + 1)
        if len(data) > min(LARGEST, left):
            yield path, b"", "passé, trop grand une fois ouvert.", None
            continue
        left -= len(data)
        yield path, data, "", _date(member)


def _date(member: zipfile.ZipInfo) -> datetime | None:
    """Its local time; None where it has none, which zip writes as the first day of 1980."""
    try:
        found = datetime(*member.date_time)
    except ValueError:
        return None
    return found if found.year > NO_DATE else None


def _refused(member: zipfile.ZipInfo, path: str) -> str:
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "un lien, passé."
    if path.startswith("/") or ".." in path.split("/") or re.match(r"[A-Za-z]:", path):
        return "un chemin qui sort de l’archive, passé."
    if member.flag_bits & 1:
        return "protégé par un mot de passe, passé."
    return "passé, trop grand." if member.file_size > LARGEST else ""


def _shown(path: Path) -> str:
    return _text_of(path.name or path)


def _text_of(path: object) -> str:
    """A name as text, whatever its bytes."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
