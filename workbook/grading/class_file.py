"""The teacher's file of a class: weights, deadlines, lateness, exceptions, pairs, points by hand.

    note_sur = 20
    [poids]                         1 where nothing is said; of a chapter, or of one exercise
    ch07 = 2
    [echeances]                     or { ouvre = …, ferme = … }
    ch07 = "2026-03-02 23:59"
    [retard]                        per cent of the chapter's points, per day begun
    par_jour = 10
    plafond = 50
    [apprenants."Ève Zoé"]
    reports = { ch07 = "2026-03-09 23:59" }
    [[binomes]]
    membres = ["Alice Martin", "Bruno Petit"]
    [rubrique.lab1]
    "deux frontières et leur raison" = 1

All that is wrong with it is told at once, each with its line, its key and what to write instead.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbook.errors import WorkbookError
from workbook.grading.rules import Exceptions, Keys, Lateness, Pair, Rules, Window, chapter_of
from workbook.views.canvas.words import NBSP

FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
DATE = 'une date entre guillemets, comme "2026-03-02 23:59"'
WINDOW = f"{DATE}, ou {{ ouvre = …, ferme = … }}"
END_OF_DAY = time(23, 59, 59)
HEADER = re.compile(r"\s*\[\[?(?P<name>[^\[\]]+)\]\]?\s*(#.*)?")
KEY = re.compile(r"""\s*(?P<key>"[^"]*"|'[^']*'|[\w-]+)\s*[.=]""")
PART = re.compile(r""""([^"]*)"|'([^']*)'|([\w-]+)""")
AT_LINE = re.compile(r"\(at line (\d+)")


class BadClassFile(WorkbookError):
    """The teacher's file cannot be followed as it is; the message says where and why."""


def moment_of(value: object) -> datetime | None:
    """A date, a date and time, or a text of one; a day alone lasts until its end; else None."""
    if isinstance(value, datetime):
        return value.astimezone().replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, END_OF_DAY)
    for shape in FORMATS if isinstance(value, str) else ():
        with suppress(ValueError):
            return datetime.strptime(str(value).strip(), shape)
    with suppress(ValueError, TypeError):
        return datetime.combine(date.fromisoformat(str(value).strip()), END_OF_DAY)
    return None


def read(path: Path, exercises: Iterable[str]) -> Rules:
    """The rules in `path`, for a course of these exercises; raises `BadClassFile`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise BadClassFile(f"« {path} » n’existe pas.") from error
    except UnicodeDecodeError as error:
        told = f"« {path.name} » n’est pas en UTF-8{NBSP}: enregistrez-le à nouveau dans ce format."
        raise BadClassFile(told) from error
    return parse(text, exercises, path)


def parse(text: str, exercises: Iterable[str], path: Path = Path("classe.toml")) -> Rules:
    """The rules that `text` says; `path` is where it stands. Raises `BadClassFile`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadClassFile(f"{path.name}, {_unreadable(text, str(error))}") from error
    reader = _Reader(text, path, tuple(exercises))
    rules = reader.rules(data)
    if reader.mistakes:
        raise BadClassFile("\n".join(reader.mistakes))
    return rules


def _unreadable(text: str, error: str) -> str:
    """TOML's own error, with the line as it stands and what to look for."""
    lines = text.splitlines()
    match = AT_LINE.search(error)
    number = min(int(match[1]) if match else len(lines), max(1, len(lines)))
    line = lines[number - 1].strip() if lines else ""
    advice = "un texte et une date s’écrivent entre guillemets, un nom avec une espace aussi"
    if "overwrite" in error or "already" in error or "twice" in error:
        advice = (
            "cette clé ou ce tableau est déjà écrit plus haut (un exercice s’écrit entre "
            'guillemets, "ch07.publish")'
        )
    return f"ligne {number}, « {line} »{NBSP}: cela ne se lit pas{NBSP}; {advice}."


def _figure(
    advice: str, least: float = 0, most: float = math.inf, above: float = -1, whole: bool = False
) -> Callable[[_Reader, Keys, object], float | None]:
    """A method that reads a number within bounds, or says what to write instead."""

    def reading(reader: _Reader, keys: Keys, value: object) -> float | None:
        number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
        if number and least <= value <= most and above < value < math.inf:  # type: ignore[operator]
            return value  # type: ignore[return-value]
        return reader.wrong(keys, f"écrivez {advice}{_not(value)}.")

    return reading


class _Reader:
    """Reads each table of the file, and notes what is wrong instead of stopping there."""

    def __init__(self, text: str, path: Path, exercises: Keys) -> None:
        self.lines = text.splitlines()
        self.path = path
        self.exercises = exercises
        self.chapters = tuple(dict.fromkeys(map(chapter_of, exercises)))
        self.mistakes: list[str] = []

    def rules(self, data: Mapping[str, Any]) -> Rules:
        found = self.table(
            (),
            data,
            {
                "note_sur": ("out_of", self.positive),
                "fuseau": ("zone", self.zone),
                "anonyme": ("anonymous", self.yes_or_no),
                "remises": ("handed_in", self.file),
                "poids": ("weights", self.weights),
                "echeances": ("deadlines", self.deadlines),
                "retard": ("late", self.late),
                "apprenants": ("learners", self.learners),
                "binomes": ("pairs", self.pairs),
                "rubrique": ("rubric", self.rubric),
            },
        )
        rules = Rules(self.path.name, **found, chapters=self.chapters)
        self.consistent(rules)
        return rules

    def wrong(self, keys: Keys, told: str) -> None:
        shown = ".".join(key if re.fullmatch(r"[\w-]+", key) else f'"{key}"' for key in keys)
        place = f"{self.path.name}, ligne {self.line(keys)}, « {shown} »"
        self.mistakes.append(f"{place}{NBSP}: {told}")

    def line(self, keys: Keys) -> int:
        """Where `keys` stand in the file: their own line, else that of what holds them."""
        table: Keys = ()
        wanted = _flat(keys)
        best, place = 0, 1
        for number, line in enumerate(self.lines, 1):
            if header := HEADER.fullmatch(line):
                table = here = _parts(header["name"])
            elif key := KEY.match(line):
                here = (*table, *_parts(line[: key.end() - 1]))
            else:
                continue
            depth = _common(_flat(here), wanted)
            if depth > best and depth == min(len(_flat(here)), len(wanted)):
                best, place = depth, number
        return place

    # -- the tables --------------------------------------------------------------------------------

    def table(
        self, keys: Keys, value: object, known: Mapping[str, tuple[str, Callable[..., Any]]]
    ) -> dict[str, Any]:
        """The fields of a table whose keys are given; an unknown key is a mistake."""
        found = {}
        for key, inner in self.entries(keys, value).items():
            if key not in known:
                self.wrong((*keys, key), f"clé inconnue{NBSP}; {_close(key, known)}")
                continue
            name, reading = known[key]
            if (got := reading((*keys, key), inner)) is not None:
                found[name] = got
        return found

    def entries(self, keys: Keys, value: object) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.wrong(keys, f"écrivez un tableau, [{'.'.join(keys)}], et ses clés dessous.")
        return {}

    def of_course(
        self, keys: Keys, value: object, reading: Callable[..., Any], whole: bool = False
    ) -> dict[str, Any]:
        """A table whose keys are chapters, or exercises unless only `whole` chapters will do."""
        known = self.chapters if whole else (*self.chapters, *self.exercises)
        found = {}
        for key, inner in self.entries(keys, value).items():
            for name, held in self.spread(key, inner, reading):
                if name not in known:
                    kind = "chapitre" if whole else "chapitre ni exercice"
                    told = f"le cours n’a pas de {kind} de ce nom{NBSP}; {_close(name, known)}"
                    self.wrong((*keys, name), told)
                elif (got := reading((*keys, name), held)) is not None:
                    found[name] = got
        return found

    def spread(
        self, key: str, value: object, reading: Callable[..., Any]
    ) -> Iterable[tuple[str, object]]:
        """`ch07.publish = 3` without quotes is a table in TOML: the exercise is meant."""
        names = {f"{key}.{name}" for name in value} if isinstance(value, Mapping) else set()
        if names & {*self.exercises} and reading in (self.number, self.criteria):
            return [(f"{key}.{name}", inner) for name, inner in value.items()]  # type: ignore[union-attr]
        return [(key, value)]

    def weights(self, keys: Keys, value: object) -> dict[str, float]:
        return self.of_course(keys, value, self.number)

    def deadlines(self, keys: Keys, value: object) -> dict[str, Window]:
        return self.of_course(keys, value, self.window, whole=True)

    def late(self, keys: Keys, value: object) -> Lateness:
        known = {
            "par_jour": ("per_day", self.per_cent),
            "plafond": ("ceiling", self.per_cent),
            "tolerance": ("tolerance", self.minutes),
        }
        return Lateness(**self.table(keys, value, known))

    def learners(self, keys: Keys, value: object) -> dict[str, Exceptions]:
        known = {
            "reports": ("extensions", self.extensions),
            "jours_de_plus": ("more_days", self.days),
            "temps": ("time", self.factor),
            "pseudonyme": ("pseudonym", self.pseudonym),
        }
        return {
            name: Exceptions(**self.table((*keys, name), inner, known))
            for name, inner in self.entries(keys, value).items()
        }

    def extensions(self, keys: Keys, value: object) -> dict[str, datetime]:
        return self.of_course(keys, value, self.moment, whole=True)

    def pairs(self, keys: Keys, value: object) -> tuple[Pair, ...]:
        known = {"membres": ("members", self.names), "chapitres": ("chapters", self.chapter_names)}
        if not isinstance(value, list):
            self.wrong(keys, 'écrivez [[binomes]], puis dessous membres = ["…", "…"].')
            return ()
        found = [self.table(keys, inner, known) for inner in value]
        if any("membres" not in one for one in value if isinstance(one, Mapping)):
            self.wrong(keys, 'il manque à un binôme membres = ["…", "…"].')
        return tuple(Pair(**one) for one in found if "members" in one)

    def rubric(self, keys: Keys, value: object) -> dict[str, dict[str, float]]:
        return self.of_course(keys, value, self.criteria)

    def criteria(self, keys: Keys, value: object) -> dict[str, float]:
        """Points by criterion, in the order of the file."""
        table = self.entries(keys, value)
        return {
            name: points
            for name, inner in table.items()
            if (points := self.positive((*keys, name), inner)) is not None
        }

    # -- the values --------------------------------------------------------------------------------

    number = _figure("un nombre, 0 ou plus, comme 2 ou 0.5")
    positive = _figure("un nombre plus grand que 0, comme 20", above=0)
    per_cent = _figure("un pourcentage de 0 à 100, sans le signe, comme 10", most=100)
    days = _figure("un nombre entier de jours, comme 2", whole=True)
    factor = _figure(
        "par combien son temps est multiplié, comme 1.33 pour un tiers de plus", least=1, most=10
    )

    def minutes(self, keys: Keys, value: object) -> timedelta | None:
        found = self.number(keys, value)
        return None if found is None else timedelta(minutes=found)

    def yes_or_no(self, keys: Keys, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        return self.wrong(keys, f"écrivez true ou false, sans guillemets{_not(value)}.")

    def pseudonym(self, keys: Keys, value: object) -> str | None:
        """A text that may also name a folder."""
        if isinstance(value, str) and re.fullmatch(r"\w[\w .-]*", value):
            return value
        told = 'écrivez entre guillemets des lettres, des chiffres ou des tirets, comme "Renard"'
        return self.wrong(keys, f"{told}{_not(value)}.")

    def names(self, keys: Keys, value: object) -> Keys | None:
        whole = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if whole and len(value) == len({*value}) >= 2:  # type: ignore[arg-type]
            return tuple(value)  # type: ignore[arg-type]
        return self.wrong(keys, 'écrivez deux noms ou plus, comme ["Alice Martin", "Bruno Petit"].')

    def chapter_names(self, keys: Keys, value: object) -> Keys | None:
        if not isinstance(value, list) or not value:
            return self.wrong(keys, 'écrivez une liste de chapitres, comme ["lab1", "lab2"].')
        for one in value:
            if one not in self.chapters:
                meant = _close(str(one), self.chapters)
                self.wrong(keys, f"le cours n’a pas de chapitre « {one} »{NBSP}; {meant}")
        return tuple(value)

    def moment(self, keys: Keys, value: object) -> datetime | None:
        if (found := moment_of(value)) is not None:
            return found
        return self.wrong(keys, f"écrivez {DATE}{_not(value)}.")

    def window(self, keys: Keys, value: object) -> Window | None:
        if not isinstance(value, Mapping):
            closes = moment_of(value)
            return Window(closes) if closes else self.wrong(keys, f"écrivez {WINDOW}{_not(value)}.")
        known = {"ouvre": ("opens", self.moment), "ferme": ("closes", self.moment)}
        found = self.table(keys, value, known)
        if "closes" not in found:
            if "ferme" not in value:
                self.wrong(keys, f"il manque ferme = …, {DATE}.")
            return None
        if "opens" in found and found["opens"] >= found["closes"]:
            return self.wrong(keys, "l’ouverture vient après la fermeture.")
        return Window(**found)

    def zone(self, keys: Keys, value: object) -> ZoneInfo | None:
        try:
            return ZoneInfo(value)  # type: ignore[arg-type]
        except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
            told = f'écrivez un fuseau connu de cette machine, comme "Europe/Paris"{_not(value)}.'
            return self.wrong(keys, told)

    def file(self, keys: Keys, value: object) -> Path | None:
        if isinstance(value, str) and (self.path.parent / value).is_file():
            return self.path.parent / value
        told = f"écrivez le nom d’un fichier qui existe, à côté de {self.path.name}{_not(value)}."
        return self.wrong(keys, told)

    # -- what no key says by itself ----------------------------------------------------------------

    def consistent(self, rules: Rules) -> None:
        """A grant that would change nothing is a mistake of the teacher's, not a detail."""
        opened = any(window.opens for window in rules.deadlines.values())
        for name, granted in rules.learners.items():
            if granted.time != 1 and not opened:
                told = (
                    "cela ne change rien, aucune échéance n’a d’ouverture"
                    f"{NBSP}; écrivez-la {{ ouvre = …, ferme = … }}."
                )
                self.wrong(("apprenants", name, "temps"), told)
            if granted.more_days and not rules.deadlines:
                told = "cela ne change rien sans [echeances]."
                self.wrong(("apprenants", name, "jours_de_plus"), told)
        self.once("pseudonyme", [g.pseudonym for g in rules.learners.values() if g.pseudonym])
        for chapter in self.chapters:
            named = [n for p in rules.pairs if p.works_on(chapter) for n in p.members]
            if twice := _twice(named):
                told = f"« {twice} » est dans deux binômes pour {chapter}."
                self.wrong(("binomes",), told)
                break

    def once(self, key: str, values: list[str]) -> None:
        if twice := _twice(values):
            self.wrong(("apprenants",), f"deux apprenants ont le {key} « {twice} ».")


def _twice(values: list[str]) -> str:
    return next((one for one in values if values.count(one) > 1), "")


def _parts(text: str) -> Keys:
    return tuple(next(filter(None, found.groups()), "") for found in PART.finditer(text))


def _flat(keys: Keys) -> Keys:
    """The same whether `ch07.publish` was written with quotes, as one key, or without, as two."""
    return tuple(".".join(keys).split("."))


def _common(one: Keys, other: Keys) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _not(value: object) -> str:
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    return f", et non « {shown[:40]} »"


def _close(name: str, known: Collection[str]) -> str:
    """What may have been meant, else all that there is."""
    if near := difflib.get_close_matches(name, known, 1, 0.6):
        return f"vouliez-vous dire « {near[0]} »{NBSP}?"
    return f"il y a{NBSP}: {', '.join(known)}."
