"""A name for each learner that says nothing of them, and a seed of their own.

Both are drawn, not computed from the name: once `pseudonymes.csv` is erased, nothing leads back
from what was published under a pseudonym to a person.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from workbook.grading.hand_in import BadTable, Key, rows
from workbook.grading.rules import Rules
from workbook.grading.writing import table, unplain, write
from workbook.views.canvas.words import NBSP

FILE = "pseudonymes.csv"
COLUMNS = ("nom", "moodle", "pseudonyme", "graine")
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is read as another
LENGTH = 5
MOST = 100_000


@dataclass(frozen=True)
class Alias:
    """What stands for a learner; `seed` draws the data that their answers are checked with."""

    pseudonym: str
    seed: int


def aliases(out: Path, learners: Iterable[Key], rules: Rules) -> dict[Key, Alias]:
    """Those of `learners`: as the table in `out` has them, drawn and added to it where it has none.

    The teacher's own choice of a pseudonym counts. Raises `BadTable`.
    """
    known = _read(out / FILE)
    taken = {alias.pseudonym for alias in known.values()}
    chosen = {name: granted.pseudonym for name, granted in rules.learners.items()}
    taken |= {pseudonym for pseudonym in chosen.values() if pseudonym}
    found = dict(known)
    for key in learners:
        alias = known.get(key) or Alias(_drawn(taken), 1 + secrets.randbelow(MOST - 1))
        taken.add(alias.pseudonym)
        found[key] = Alias(chosen.get(key[0]) or alias.pseudonym, alias.seed)
    if found != known:
        _write(out / FILE, found)
    return {key: found[key] for key in found}


def _drawn(taken: set[str]) -> str:
    while True:
        made = "E-" + "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if made not in taken:
            return made


def _read(path: Path) -> dict[Key, Alias]:
    if not path.exists():
        return {}
    found = {}
    for number, row in rows(path, COLUMNS):
        if not row["graine"].isdigit() or not row["pseudonyme"]:
            told = "il faut un pseudonyme, et une graine qui soit un nombre entier"
            raise BadTable(f"{path.name}, ligne {number}{NBSP}: {told}.")
        found[unplain(row["nom"]), row["moodle"]] = Alias(row["pseudonyme"], int(row["graine"]))
    return found


def _write(path: Path, found: Mapping[Key, Alias]) -> None:
    lines = [[*key, alias.pseudonym, alias.seed] for key, alias in sorted(found.items())]
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, table([COLUMNS, *lines]))
    path.chmod(0o600)
