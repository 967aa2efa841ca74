"""When each chapter was handed in, and how that is known: facts, from which lateness is computed.

Of several sources the surest counts: the teacher's own table, then Moodle's grading sheet, then the
dates in the archive that Moodle gave, then those of the files on this disk.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

from workbook.errors import WorkbookError
from workbook.grading.class_file import moment_of
from workbook.grading.learner import Taken
from workbook.grading.rules import Rules
from workbook.views.canvas.words import NBSP

FROM_TABLE = "le tableau des remises"
FROM_MOODLE = "la feuille de Moodle"
FROM_ARCHIVE = "l’archive"
FROM_FILE = "la date du fichier"
COLUMNS = ("nom", "chapitre", "remis_le")
NAME = ("Nom complet", "Full name")
HANDED_IN = re.compile(r"Dernière modification \((?!note\)).+\)|Last modified \(submission\)")
NUMBER = re.compile(r"(\d+)$")
MONTHS = {
    name: number
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "january february march april may june july august september october november december",
    )
    for number, name in enumerate(names.split(), 1)
}
WRITTEN = re.compile(
    r"(?P<day>\d{1,2})(?:er)?\s+(?P<month>\w+)\s+(?P<year>\d{4}),?\s+(?:à\s+)?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?:\s*(?P<half>AM|PM))?",
    re.IGNORECASE,
)
Key = tuple[str, str]  # a learner's name, and the number that Moodle knows them by


class BadTable(WorkbookError):
    """A table of the teacher's cannot be read; the message says which line, and why."""


@dataclass(frozen=True)
class Moment:
    """When something was handed in, in the local time of the class, and what says so."""

    at: datetime
    source: str


@dataclass
class Sheet:
    """What Moodle's grading sheet says of the hand-ins: by number, and who has which."""

    moments: dict[str, datetime] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)


def moments(
    taken: Iterable[Taken], rules: Rules, sheet: Sheet | None = None
) -> dict[Key, dict[str, Moment]]:
    """For each learner, by chapter; a chapter whose date nobody knows is absent.

    Raises `BadTable`.
    """
    table = read_table(rules)
    sheet = sheet or Sheet()
    return {
        (one.submission.name, one.submission.moodle): {
            key: found
            for key, picked in one.picked.items()
            if (found := _moment(one, key, picked.path, table, sheet, rules.zone))
        }
        for one in taken
    }


def _moment(
    taken: Taken,
    chapter: str,
    path: str,
    table: Mapping[tuple[str, str], datetime],
    sheet: Sheet,
    zone: tzinfo | None,
) -> Moment | None:
    learner = taken.submission
    for key in ((learner.name, chapter), (learner.name, "")):
        if key in table:
            return Moment(table[key], FROM_TABLE)
    if learner.moodle in sheet.moments:
        return Moment(sheet.moments[learner.moodle], FROM_MOODLE)
    at = learner.dates.get(path)
    if isinstance(at, datetime):
        return Moment(at, FROM_ARCHIVE)
    if at is not None:
        return Moment(datetime.fromtimestamp(at, zone).replace(tzinfo=None), FROM_FILE)
    return None


def read_table(rules: Rules) -> dict[tuple[str, str], datetime]:
    """The teacher's own table, by name and chapter (empty: all of them); raises `BadTable`."""
    found: dict[tuple[str, str], datetime] = {}
    path = rules.handed_in
    for number, row in rows(path, COLUMNS) if path else ():
        place, chapter = f"{path.name}, ligne {number}{NBSP}:", row["chapitre"]
        at = moment_of(row["remis_le"])
        if at is None:
            told = f"« {row['remis_le']} » n’est pas une date{NBSP}; écrivez 2026-03-02 23:59."
            raise BadTable(f"{place} {told}")
        if chapter and chapter not in rules.chapters:
            known = ", ".join(rules.chapters)
            told = f"le cours n’a pas de chapitre « {chapter} »{NBSP}; il y a {known}."
            raise BadTable(f"{place} {told}")
        found[row["nom"], chapter] = at
    return found


def rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table that has these columns, with their numbers; raises `BadTable`.

    A spreadsheet may have parted them with semicolons or commas.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        advice = "choisissez « CSV UTF-8 » en enregistrant"
        raise BadTable(f"« {path.name} » n’est pas en UTF-8{NBSP}: {advice}.") from error
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",")
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        told = f"il manque la colonne « {missing[0]} »{NBSP}; il faut {' ; '.join(columns)}."
        raise BadTable(f"{path.name}, ligne 1{NBSP}: {told}")
    for row in reader:
        kept = {name: (row[name] or "").strip() for name in columns}
        if any(kept.values()):
            yield reader.line_num, kept


def read_sheet(path: Path) -> Sheet:
    """What the grading sheet of Moodle at `path` says; nothing of what it does not have."""
    found = Sheet()
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        head = [name or "" for name in reader.fieldnames or ()]
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error):
        return found  # whoever fills it says so
    at = next((name for name in head if HANDED_IN.fullmatch(name)), None)
    name = next((name for name in head if name in NAME), None)
    for row in lines:
        number = NUMBER.search(row.get(head[0]) or "")
        if number is None:
            continue
        if name and row.get(name):
            found.numbers.setdefault(row[name], number[1])
        if at and (moment := written(row.get(at) or "")):
            found.moments[number[1]] = moment
    return found


def written(text: str) -> datetime | None:
    """A date as Moodle writes it, `lundi 2 mars 2026, 23:59`; None for anything else."""
    match = WRITTEN.search(text)
    month = MONTHS.get(match["month"].lower()) if match else None
    if match is None or month is None:
        return None
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].upper() == "PM" else 0)
    try:
        return datetime(int(match["year"]), month, int(match["day"]), hour, int(match["minute"]))
    except ValueError:
        return None
