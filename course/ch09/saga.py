"""ch09.saga: what the orchestrator does next, judged at every end of its tree of failures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workbook.checks import Exercise, Harness, expect
from workbook.checks.outcome import Finding, Incorrect, Verdict
from workbook.errors import WorkbookError
from workbook.failures import failures
from workbook.failures.exploration import Exploration
from workbook.failures.saga import SITUATIONS
from workbook.failures.words import fatal_words, wrong_words

SILENCES = 5
CALM = tuple(situation._replace(failing=False) for situation in SITUATIONS)
MEANING = {
    "I4": "Le client attendrait pour toujours, et personne ne le saurait.",
    "I5": "Un client paierait une lampe qu’il n’aura pas, ou recevrait une lampe sans la payer.",
    "I6": "Une lampe resterait de côté sans acheteur, ou serait vendue sans commande.",
}

exercise = Exercise(
    "ch09.saga",
    title="Écrire la saga",
    asks="next_command",
    hints=(
        "Deux questions, dans l’ordre : faut-il défaire (un refus, ou le temps écoulé) ? Puis : "
        "quelle est la première demande à laquelle il manque encore « done » ?",
        "Une demande « started » sans réponse a peut-être eu lieu : il faut la défaire aussi. La "
        "défaire ne fait aucun mal si elle n’a pas eu lieu.",
        'Pour avancer : la première de reserve, charge, confirm dont `(nom, "done")` n’est pas '
        "dans `history`. Pour défaire : refund si charge est « started » et pas « refused », "
        "puis release si reserve l’est ; chacune tant qu’elle n’est pas « done ».",
    ),
)


@exercise.step("Sans panne, toute commande finit bien", points=1)
def ends_well(harness: Harness, next_command: Callable) -> None:
    _expect_right(_explored(next_command, situations=CALM))


@exercise.step("Quoi qu’il arrive, toute commande finit bien", points=3, after=ends_well)
def survives(harness: Harness, next_command: Callable) -> None:
    _expect_right(_explored(next_command))


@exercise.step("Sans réponse, elle insiste", points=1, after=ends_well)
def insists(harness: Harness, next_command: Callable) -> None:
    """Longer than the tree looks: silence, five times in a row, wherever a request may be lost."""
    for history in _silences(next_command):
        expect(
            next_command(list(history)) is not None,
            seen=f"Journal : {history}. Vous rendez None.",
            expected="une demande : la dernière est sans réponse",
            meaning=MEANING["I4"],
        )


def _silences(next_command: Callable) -> Iterator[list[tuple[str, str]]]:
    """The log of an order, good or refused, whose last request was asked again and again."""
    for refused in ("", "charge"):
        log: list[tuple[str, str]] = []
        while (name := next_command(list(log))) is not None:
            for times in range(1, SILENCES + 1):
                yield [*log, *[(name, "started")] * times]
            log += [(name, "started"), (name, "refused" if name == refused else "done")]


def _explored(next_command: Callable, **options: object) -> Exploration:
    try:
        return failures(next_command, **options)
    except Verdict:
        raise
    except WorkbookError as error:
        raise Incorrect(
            Finding(
                str(error),
                "le nom d’une des cinq demandes, ou None, et toujours le même pour le même journal",
                "L’orchestrateur qui redémarre ne saurait plus où il en est.",
            )
        ) from error


def _expect_right(tree: Exploration) -> None:
    if tree.is_right:
        return
    wrong = sum(not leaf.is_right for leaf in tree.leaves)
    expect(
        False,
        seen=f"{fatal_words(tree)} Ce qui est faux : {wrong_words(tree.fatal)}. "
        f"({wrong} fin(s) fausse(s) sur {len(tree.leaves)}.)",
        expected="à toutes les fins, l’argent et le stock d’accord avec la commande",
        meaning=MEANING[tree.fatal.wrong[0]],
    )
