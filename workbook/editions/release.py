"""`workbook release`: the learners' archive of a way through the course, proved to run.

    cours-module/notebooks, labs    the student editions of the path's chapters
    cours-module/course             their folders, stripped (`stripping` says of what)
    cours-module/services, workbook the shop and the engine
    cours-module/README.md, …       how to start, and the files of the environment

The same course gives the same bytes. What the archive must not hold is looked for in the archive
itself, and one of its chapters is run from it, elsewhere, by stock nbval.
"""

from __future__ import annotations

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from workbook.checks.chapter import LearningPath, chapter_name
from workbook.checks.registry import chapters, paths
from workbook.editions import stripping
from workbook.editions.glossary import PLACE, glossary
from workbook.editions.notebook import student_edition
from workbook.editions.source import Source, sources
from workbook.editions.trial import trial
from workbook.errors import WorkbookError
from workbook.settings import ROOT

WHOLE = "complet"
OF_THE_ENGINE = ("services", "workbook")
BESIDE = (
    *("LICENSE", "Makefile", "pyproject.toml", "requirements.lock", "environment.yml"),
    *("docker-compose.yml", ".gitignore", "deploy/Dockerfile", "deploy/accessibilite.md"),
    *("deploy/lab.sh", "deploy/page_config.json", "deploy/setup.sh"),
)
FIRST = "notebooks/00_bienvenue.ipynb"  # what JupyterLab opens on
NOT_LEARNERS = ("test", "chaos", "bench", "grade", "build", "lock", r"\.venv/\.test")
RULE = re.compile(rf"^({'|'.join(NOT_LEARNERS)}):.*\n(?:\t.*\n)*\n?", re.MULTILINE)
ELSEWHERE = re.compile(r"\n\| Ailleurs \|.*?\n\n", re.DOTALL)
MADE = (1980, 1, 1, 0, 0, 0)
RELATIVE = re.compile(r"\]\((?!#|\w+:)([^)\s#]+)")
README = Path(__file__).with_name("learners.txt")


class NoPath(WorkbookError):
    """The course has no path of this name."""


class Unfit(WorkbookError):
    """The archive is not to be given to learners; the message says why."""


def release(
    root: Path, name: str, out: Path, check: bool = True, tell: Callable[[str], None] = print
) -> None:
    """Write into `out` the archive of the path called `name`; unless told not to, run it.

    Raises `NoPath`, `Unfit`. An archive that is unfit is not left there.
    """
    path = _path(name)
    keys = list(chapters()) if path is None else _keys(path)
    found = [source for source in sources(root) if source.key in keys]
    if mistakes := [m.located(root) for source in found for m in source.mistakes]:
        raise Unfit("\n".join(mistakes))
    folder = f"cours-{slug(name)}"
    content = _content(root, path, found)
    _require_fit(found, content)
    partial = out.with_name(f".{out.name}.partial")
    out.parent.mkdir(parents=True, exist_ok=True)
    partial.write_bytes(_zipped(folder, content))
    try:
        if check:
            tell(f"Essai de l’archive, dépliée ailleurs : {_tried(found).student.name}…")
            if failed := list(trial(partial, folder, _tried(found))):
                raise Unfit("\n".join(["Cette archive ne tourne pas comme il faut :", *failed]))
            tell("Elle tourne, et n’échoue qu’aux réponses qui restent à écrire.")
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    size = out.stat().st_size / 1_000_000
    tell(f"{out} : {len(found)} chapitres et labs, {len(content)} fichiers, {size:.1f} Mo.")


def slug(text: str) -> str:
    """`decouverte` for « Découverte »."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _path(name: str) -> LearningPath | None:
    """The path of that title; None for the whole course."""
    known = {slug(title): path for path in paths() for title in (path.title, path.english)}
    if slug(name) not in {*known, WHOLE}:
        names = ", ".join([*(slug(path.title) for path in paths()), WHOLE])
        raise NoPath(f"Aucun parcours ne s’appelle «\u00a0{name}\u00a0». Il y a\u00a0: {names}.")
    return known.get(slug(name))


def _keys(path: LearningPath) -> list[str]:
    return [*(key for session in path.sessions for key in session), *path.between]


def _tried(found: Sequence[Source]) -> Source:
    """The chapter to run: the first that asks something."""
    return next((source for source in found if source.exercises), found[0])


# -- what it holds --------------------------------------------------------------------------------


def _content(root: Path, path: LearningPath | None, found: Sequence[Source]) -> dict[str, bytes]:
    """Every file by its path, in a fixed order."""
    addresses = {source.key: source.addresses[source.key] for source in found}
    content = dict(_engine(next(iter(addresses.values()))))
    content |= _course(root, found, addresses)
    content |= _notebooks(root, found, addresses)
    content["README.md"] = _readme(path, addresses).encode()
    return dict(sorted(content.items()))


def _engine(first: str) -> Iterator[tuple[str, bytes]]:
    for folder in OF_THE_ENGINE:
        for file in stripping.files(ROOT / folder):
            yield file.relative_to(ROOT).as_posix(), file.read_bytes()
    for name in BESIDE:
        text = (ROOT / name).read_text(encoding="utf-8").replace(FIRST, first)
        yield name, (RULE.sub("", text) if name == "Makefile" else text).encode()


def _course(
    root: Path, found: Sequence[Source], addresses: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    yield "course/__init__.py", (root / "course" / "__init__.py").read_bytes()
    for source in found:
        for file in stripping.files(source.path.parent):
            name = f"course/{source.key}/{file.relative_to(source.path.parent).as_posix()}"
            if file == source.path:
                yield name, stripping.stripped(source, addresses).encode()
            elif file.name == "bets.py":
                yield name, stripping.without_usual(file.read_text(encoding="utf-8")).encode()
            else:
                yield name, file.read_bytes()


def _notebooks(
    root: Path, found: Sequence[Source], addresses: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """The student editions, and what they show, linked to nothing that is not here."""
    linked = [_linked(source, addresses) for source in found]
    for source in linked:
        yield addresses[source.key], student_edition(source).encode()
    yield PLACE.as_posix(), glossary(linked).encode()
    for kind in ("notebooks", "labs"):
        for file in stripping.files(root / kind):
            if file.suffix not in (".ipynb", ".md"):
                yield file.relative_to(root).as_posix(), file.read_bytes()


def _linked(source: Source, addresses: Mapping[str, str]) -> Source:
    cells = [replace(cell, text=stripping.unlinked(cell.text, addresses)) for cell in source.cells]
    return replace(source, addresses=dict(addresses), cells=cells)


def _readme(path: LearningPath | None, addresses: Mapping[str, str]) -> str:
    written = ROOT / "README.md"
    match = ELSEWHERE.search(written.read_text(encoding="utf-8")) if written.exists() else None
    elsewhere = "\n".join(
        line for line in (match[0] if match else "").split("\n") if "| Binder |" not in line
    )
    title = path.title if path else "Complet"
    return README.read_text(encoding="utf-8").format(
        title=title, elsewhere=elsewhere.rstrip() + "\n", programme=_programme(path, addresses)
    )


def _programme(path: LearningPath | None, addresses: Mapping[str, str]) -> str:
    if path is None:
        return "".join(f"- {_entry(key, addresses)}\n" for key in addresses)
    lines = [
        f"{number}. {' ; '.join(_entry(key, addresses) for key in session)}\n"
        for number, session in enumerate(path.sessions, 1)
    ]
    if path.between:
        lines += ["\nEntre les séances :\n\n"]
        lines += [f"- {_entry(key, addresses)}\n" for key in path.between]
    return "".join(lines)


def _entry(key: str, addresses: Mapping[str, str]) -> str:
    chapter = chapters()[key]
    return f"[{chapter_name(key)}, {chapter.title}]({addresses[key]}), {chapter.minutes}\u00a0min"


# -- what it must not hold ------------------------------------------------------------------------


def _require_fit(found: Sequence[Source], content: Mapping[str, bytes]) -> None:
    """Raise `Unfit` where a solution can be read, or a link leads nowhere."""
    texts = dict(_texts(content))
    told = [
        f"la solution de « {id} » se lit dans {name}"
        for source in found
        for id, name in stripping.leaks(source, texts.items())
    ]
    told += [f"{name} : le lien « {link} » ne mène à rien" for name, link in _dead(texts, content)]
    if told:
        raise Unfit("\n".join(["Cette archive ne peut pas être distribuée :", *told]))


def _texts(content: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    for name, data in content.items():
        if name.endswith(".ipynb"):
            cells = json.loads(data)["cells"]
            yield name, "\n".join("".join(cell["source"]) for cell in cells)
        elif name.endswith((".py", ".md")):
            yield name, data.decode()


def _dead(texts: Mapping[str, str], content: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    places = {*content, *(parent.as_posix() for name in content for parent in Path(name).parents)}
    for name, text in texts.items():
        if not name.endswith((".ipynb", ".md")):
            continue
        for link in RELATIVE.findall(text):
            if _joined(Path(name).parent, link) not in places:
                yield name, link


def _joined(folder: Path, link: str) -> str:
    parts: list[str] = []
    for part in (*folder.parts, *Path(link).parts):
        parts = parts[:-1] if part == ".." else [*parts, part]
    return Path(*parts).as_posix()


def _zipped(folder: str, content: Mapping[str, bytes]) -> bytes:
    """The archive, its dates and modes always the same."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            member = zipfile.ZipInfo(f"{folder}/{name}", MADE)
            member.create_system = 3  # Unix, whose modes follow
            member.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return written.getvalue()
