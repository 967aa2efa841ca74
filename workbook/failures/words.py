"""The tree in words: a step, a path, what the books say at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from workbook.failures.contract import CHARGED, DONE, ERROR, REFUNDED, RESERVED, SOLD, Command
from workbook.failures.judging import TOTAL_CENTS
from workbook.failures.saga import (
    ARRIVES,
    DEAD_AFTER,
    DEAD_BEFORE,
    LATE,
    LOST,
    NAMES,
    TIME_UP,
    Order,
    Step,
)
from workbook.views.canvas.words import NBSP, plural

if TYPE_CHECKING:
    from workbook.failures.exploration import Exploration, Leaf

ENDS = {
    "CONFIRMED": "commande confirmée",
    "REJECTED": "commande refusée",
    "CANCELLED": "commande annulée",
    "": "commande en attente",
}
BROKEN = {
    "I4": "la commande ne finit jamais",
    "I5": "l’argent ne correspond pas à la commande",
    "I6": "le stock ne correspond pas aux ventes",
}


def euros(cents: int) -> str:
    """`29,90 €`."""
    return f"{cents // 100},{cents % 100:02d}{NBSP}€"


def step_words(step: Step, commands: Mapping[str, Command], rivals: bool = False) -> str:
    """One step, as a clause."""
    whose = f" pour la commande {NAMES[step.order]}" if rivals else ""
    if step.what == TIME_UP:
        return f"le temps est écoulé{whose}"
    command = commands[step.command]
    if step.what == DEAD_BEFORE:
        return f"orders meurt avant d’appeler {command.participant}{whose}"
    if step.what == LATE:
        return f"la demande « {step.command} » à {command.participant} s’attarde en route{whose}"
    told = f"{command.participant} {_effect(step, command)}{whose}"
    if step.what == ARRIVES:
        return f"la demande attardée arrive{NBSP}: {told}"
    if step.what == LOST:
        return f"{told}, la réponse se perd"
    if step.what == DEAD_AFTER:
        return f"{told}, orders meurt avant de noter la réponse"
    return told


def _effect(step: Step, command: Command) -> str:
    if step.outcome == ERROR:
        return f"répond que « {step.command} » n’est plus possible"
    if step.outcome != DONE:
        return command.refuses or "refuse"
    if not step.moved:
        return f"répète sa réponse à « {step.command} »"
    return f"{command.does} une fois de plus" if step.again else command.does


def path_words(steps: Iterable[Step], commands: Mapping[str, Command], rivals: bool) -> list[str]:
    """One clause a step; what orders finds again after a death is said so."""
    said, dead = [], False
    for step in steps:
        words = step_words(step, commands, rivals)
        said.append(f"orders repart{NBSP}: {words}" if dead else words)
        dead = step.what in (DEAD_AFTER, DEAD_BEFORE)
    return said


def books_words(books: Mapping[str, int], orders: Iterable[Order]) -> str:
    """Money, stock and orders at the end of a path."""
    charged = books.get(CHARGED, 0) * TOTAL_CENTS
    said = [f"{euros(charged)} débités" if charged else "rien de débité"]
    if books.get(REFUNDED):
        said.append(f"{euros(books[REFUNDED] * TOTAL_CENTS)} rendus")
    sold, reserved = books.get(SOLD, 0), books.get(RESERVED, 0)
    said.append(plural(sold, "article vendu", "articles vendus") if sold else "aucun article vendu")
    if reserved:
        said.append(plural(reserved, "article encore de côté", "articles encore de côté"))
    said += _ends(orders)
    return ", ".join(said)


def _ends(orders: Iterable[Order]) -> list[str]:
    counted = Counter(ENDS[order.status] for order in orders)
    return [end if n == 1 else f"{n}{NBSP}× {end}" for end, n in sorted(counted.items())]


def wrong_words(leaf: Leaf) -> str:
    """What is wrong with a leaf; `juste` when nothing is."""
    return ", ".join(BROKEN[name] for name in leaf.wrong) or "juste"


def sentence(exploration: Exploration) -> str:
    """What was tried, and the shortest way to go wrong."""
    tried = (
        f"{plural(len(exploration.states), 'état')}, {plural(len(exploration.edges), 'passage')}, "
        f"{plural(len(exploration.leaves), 'fin')}"
    )
    if exploration.is_right:
        return f"Arbre des pannes{NBSP}: {tried}. Toutes les fins sont justes."
    wrong = sum(not leaf.is_right for leaf in exploration.leaves)
    return (
        f"Arbre des pannes{NBSP}: {tried}, dont {plural(wrong, 'fausse')}. "
        f"Le chemin fatal le plus court{NBSP}: {fatal_words(exploration)}"
    )


def fatal_words(exploration: Exploration) -> str:
    """The shortest fatal path and the books it leaves, as one sentence."""
    leaf = exploration.fatal
    clauses = clauses_of(exploration)
    if leaf.loop:
        clauses.append("et cela recommence sans fin")
    return f"{', '.join(clauses)}{NBSP}: {end_words(exploration, leaf)}."


def clauses_of(exploration: Exploration) -> list[str]:
    """One clause for each step of the shortest fatal path."""
    leaf, machine = exploration.fatal, exploration.machine
    rivals = len(exploration.states[leaf.number].orders) > 1
    return path_words(exploration.path, machine.desk.commands, rivals)


def end_words(exploration: Exploration, leaf: Leaf) -> str:
    """The books at a leaf."""
    state = exploration.states[leaf.number]
    words = books_words(exploration.books(leaf.number), state.orders)
    shelves = exploration.machine.situations[state.situation].shelves
    return words if shelves is None else f"{words}, {shelves} en rayon au départ"
