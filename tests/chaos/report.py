"""Report: progress while the proof runs, and its tables at the end, for people."""

import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import chain

from .invariants import INVARIANTS
from .runs import attempt_all, batches

MEANINGS = {
    "I1": "toute commande promise à un client existe, une fois, à lui, et finit comme annoncé",
    "I2": "toute commande a été demandée",
    "I3": "une clé d’un client, une commande, une réponse",
    "I4": "toute commande finit, d’une seule façon",
    "I5": "l’argent débité et non rendu est le prix de ce que les clients ont acheté",
    "I6": "aucune unité ne naît, ne se perd ni ne reste réservée ; on vend ce qui fut demandé",
    "I7": "tout événement part, arrive à chaque abonné, et agit une fois, pour le bon client",
    "I8": "les lettres mortes sont le poison planté, tout et rien d’autre",
    "I9": "les événements d’une commande racontent une vie légale, dans l’ordre, à un seul",
    "I10": "une commande, une trace, et chaque ligne de log porte ses identifiants",
    "I11": "aucun secret dans un événement ni dans un log, aucune carte gardée",
    "I12": "ce qui ne dépend pas du service en panne ne répond aucune erreur",
    "I13": "tout est calme 15 s après la dernière panne",
    "I14": "le journal d’une saga est d’un seul porteur à la fois",
}
WORKERS = 4
SHOWN = 5  # stories of violations told in full


class Progress:
    """A line that counts what is done; one line for each thing worth knowing."""

    def __init__(self, title, total, out=sys.stdout):
        self.title, self.total, self.out, self.done = title, total, out, 0
        self.started, self._writing = time.monotonic(), threading.Lock()
        self.step = max(1, total // 8)

    def tick(self, number=1):
        with self._writing:
            steps, self.done = self.done // self.step, self.done + number
            if self.done // self.step > steps or self.done == self.total:
                seconds = time.monotonic() - self.started
                self._say(f"{self.title} : {self.done}/{self.total} ({seconds:.0f} s)")

    def tell(self, text):
        with self._writing:
            self._say(text)

    def _say(self, text):
        print(text, file=self.out, flush=True)


def in_parallel(title, work, things, workers=WORKERS, weight=lambda thing: 1):
    """`work(thing)` for each, a few at a time; the results in the order of the things.

    `weight(thing)` is what it counts for in the progress shown.
    """
    things, results = list(things), {}
    progress = Progress(title, sum(map(weight, things)))
    pool = ThreadPoolExecutor(workers)
    running = {pool.submit(work, thing): n for n, thing in enumerate(things)}
    try:
        for future in as_completed(running):
            number = running[future]
            results[number] = future.result()
            progress.tick(weight(things[number]))
    finally:
        # Interrupted, the runs under way are not waited for: their services die with the launcher.
        pool.shutdown(wait=False, cancel_futures=True)
    return [results[n] for n in range(len(things))]


def carried_out(title, ground, plans, workers=WORKERS):
    """The results of the plans, in their order; those that can share a shop do."""

    def serve(positions):
        return attempt_all(ground, [plans[position] for position in positions])

    groups = batches(plans)
    served = chain.from_iterable(in_parallel(title, serve, groups, workers, weight=len))
    results = dict(zip(chain.from_iterable(groups), served, strict=True))
    return [results[position] for position in range(len(plans))]


def table(headings, rows):
    """A table in plain text, its columns as wide as they must be."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]

    def line(cells):
        aligned = zip(cells, widths, strict=True)
        return "  " + "  ".join(cell.ljust(width) for cell, width in aligned).rstrip()

    return "\n".join([line(headings), line(["─" * width for width in widths]), *map(line, rows)])


def runs_table(groups):
    """One row for each group of runs: how many, how many reached their points, what broke."""
    headings = ("passages", "exécutions", "sans atteindre", "morts", "violations", "durée")
    rows = [
        (
            name,
            len(results),
            sum(not result.reached for result in results),
            sum(len(result.crashes) for result in results),
            sum(len(result.violations) for result in results),
            f"{sum(result.seconds for result in results):.0f} s",
        )
        for name, results in groups.items()
    ]
    return table(headings, rows)


def invariants_table(results):
    """One row for each invariant: what it says, and in how many runs it was broken."""
    broken = Counter(name for result in results for name in result.broken())
    rows = [(name, broken[name], MEANINGS[name]) for name in INVARIANTS]
    return table(("invariant", "violé dans", "ce qu’il dit"), rows)


def mutants_table(outcomes):
    rows = [
        (
            outcome.mutant.name,
            "oui" if outcome.caught else "NON",
            " ".join(outcome.broken) or "aucun",
            outcome.schedule,
            f"{outcome.seconds:.1f} s",
        )
        for outcome in outcomes
    ]
    return table(("faute plantée", "vue", "invariants violés", "par", "durée"), rows)


def stories(results):
    """The shortest wrong stories of the runs that broke something."""
    told = []
    for result in [result for result in results if result.violations][:SHOWN]:
        told += [f"{result.plan.name} :", *result.story(), ""]
    return "\n".join(told)


def not_reached(results):
    return [result.plan.name for result in results if not result.reached]
