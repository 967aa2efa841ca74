"""The programme in the two READMEs: one row a chapter or lab, from the front matter."""

from __future__ import annotations

import re
from pathlib import Path

from workbook.checks.chapter import Chapter
from workbook.checks.registry import chapters, planned

BEGIN, END = "<!-- programme -->", "<!-- /programme -->"
TABLE = re.compile(f"(?<={BEGIN}\n).*?(?={END})", re.DOTALL)
HEADS = {
    "README.md": ("Chapitre", "Travaux pratiques", "Question", "Après", "Durée", "à venir"),
    "README.en.md": ("Chapter", "Lab", "Question", "After", "Time", "to come"),
}


def programme(readme: Path, addresses: dict[str, str]) -> str:
    """The text of `readme` with its programme as the front matter tells it.

    `addresses` gives the student edition of each chapter by key; the others are to come.
    """
    rows = {**planned(), **chapters()}
    keys = sorted(rows)
    parts = []
    for prefix, head in zip(("ch", "lab"), HEADS[readme.name], strict=False):
        *_, question, after, time, _ = HEADS[readme.name]
        parts += ["", f"| {head} | {question} | {after} | {time} |", "|---|---|---|---|"]
        parts += [
            _row(key, rows[key], addresses.get(key), readme.name)
            for key in keys
            if key.startswith(prefix)
        ]
    table = "\n".join([*parts, "", ""])
    return TABLE.sub(lambda _: table, readme.read_text(encoding="utf-8"))


def _row(key: str, chapter: Chapter, address: str | None, readme: str) -> str:
    french = readme == "README.md"
    title, question = (chapter.title, chapter.question) if french else chapter.english
    name = f"{key.removeprefix('ch').capitalize().replace('Lab', 'Lab ')} {title}"
    shown = f"[{name}]({address})" if address else name
    after = ", ".join(needed.removeprefix("ch") for needed in chapter.after)
    time = f"{chapter.minutes}\u00a0min" if address else HEADS[readme][-1]
    if address and chapter.deeper:
        time = f"{chapter.minutes} + {chapter.deeper}\u00a0min"
    return f"| {shown} | {question} | {after} | {time} |"
