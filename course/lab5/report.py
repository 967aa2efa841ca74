"""lab5.report: the report of the practice incident, as the person on call writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from course.lab5.causes import CAUSES
from course.lab5.customers import PROMISES
from course.lab5.practice import practised
from course.lab5.score import Report
from workbook.checks import CannotCheck, Exercise, expect, plain

if TYPE_CHECKING:
    from course.lab5.practice import Practice
    from course.lab5.wheel import Wheel
    from workbook.checks import Harness

FIELDS = tuple(vars(Report()))
CLOSE = 2.0  # seconds

exercise = Exercise(
    "lab5.report",
    title="Le rapport d’astreinte",
    hints=(
        "Une visite manquée dit tout le début : `hurt[0].promise`, `hurt[0].at`. Pour la trace, "
        "prenez la dernière, `hurt[-1].trace`.",
        "Dans la trace, qui répond bien, et qui échoue juste après avoir reçu cette réponse ? Puis "
        "`wheel.versions()` : lequel des deux a changé aujourd’hui ?",
    ),
)


def _told(report: object) -> dict:
    """The report as plain data, with fields that are known; refuses anything else."""
    told = plain(vars(report) if isinstance(report, Report) else report, "Le rapport")
    expect(
        isinstance(told, dict),
        seen=f"Le rapport est {report!r:.200}.",
        expected=f"un dictionnaire, dont les clés sont {', '.join(FIELDS)}",
    )
    unknown = sorted(set(told) - set(FIELDS))
    expect(
        not unknown,
        seen=f"Le rapport a un champ « {unknown[0] if unknown else ''} ».",
        expected=", ".join(FIELDS),
        meaning="Celui qui prend la relève ne saurait pas où lire.",
    )
    return told


def _practice() -> Practice:
    if (practice := practised()) is None:
        raise CannotCheck("L’incident d’entraînement n’a pas eu lieu : relancez sa cellule.")
    return practice


def _wheel() -> Wheel:
    return _practice().wheel


def _is_close(since: object, began: float) -> bool:
    number = isinstance(since, int | float) and not isinstance(since, bool)
    return number and abs(since - began) <= CLOSE


@exercise.step("Détecté : quelle promesse, depuis quand", points=2)
def detected(harness: Harness, report: object) -> None:
    told, practice = _told(report), _practice()
    truth = practice.wheel.truth()
    expect(
        told.get("what") in PROMISES,
        seen=f"« what » vaut {told.get('what')!r}.",
        expected=f"une de : {', '.join(PROMISES)}",
    )
    expect(
        told["what"] in truth.what,
        seen=f"« {told['what']} » : les clients ont eu ce qui leur était promis là.",
        expected="une promesse que des clients n’ont pas eue",
        meaning="On annoncerait aux clients une panne qu’ils n’ont pas, et pas celle qu’ils ont.",
    )
    since = told.get("since")
    expect(
        _is_close(since, practice.began),
        seen=f"« since » vaut {since!r}.",
        expected="l’heure de la première visite manquée, en secondes, comme `visit.at`, à deux "
        "secondes près",
        meaning="On accuserait un déploiement qui n’y est pour rien.",
    )


@exercise.step("Localisé : le service, l’arête", points=2)
def located(harness: Harness, report: object) -> None:
    told, truth = _told(report), _wheel().truth()
    expect(
        told.get("service") == truth.service,
        seen=f"« service » vaut {told.get('service')!r}.",
        expected="le service dont le changement fait échouer les autres",
        meaning="Celui qui échoue n’est pas toujours celui qui a changé : on rendrait sa version "
        "d’avant à un service qui n’a rien.",
    )
    edge = told.get("edge")
    expect(
        isinstance(edge, list) and tuple(edge) == truth.edge,
        seen=f"« edge » vaut {edge!r}.",
        expected="un couple de la carte : (celui qui appelle, celui qui répond)",
    )


@exercise.step("Expliqué : la cause, une trace qui la montre", points=2)
def explained(harness: Harness, report: object) -> None:
    told, wheel = _told(report), _wheel()
    expect(
        told.get("cause") in CAUSES,
        seen=f"« cause » vaut {told.get('cause')!r}.",
        expected=f"une de : {', '.join(CAUSES)}",
    )
    expect(
        told["cause"] == wheel.truth().cause,
        seen=f"« {told['cause']} » : {CAUSES[told['cause']]}. La trace dit autre chose.",
        expected="la cause qui explique à la fois ce qui est rouge et ce qui est vert",
        meaning="On réparerait ce qui marche.",
    )
    expect(
        wheel.shows(told.get("trace")),
        seen=f"« trace » vaut {told.get('trace')!r} : elle ne montre pas la panne.",
        expected="l’identifiant de trace d’une visite manquée",
        meaning="Celui qui prend la relève devrait tout chercher de nouveau.",
    )
