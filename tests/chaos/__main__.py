"""The proof, for those who want to see it: `make chaos`, or python -m tests.chaos --help."""

import argparse
import functools
import os
import random
import sys
import time

from workbook.broker import BrokerError

from . import mutants, points, report, storm
from .ground import Ground

INTERRUPTED = 130
PARTS = ("points", "pairs", "mutants", "storm")


def main(arguments=None):
    """Run the chosen parts; the exit code: 0 when the shop is right and every mutant is seen."""
    options = parsed(arguments)
    print(f"Graine {options.seed} (pour rejouer : python -m tests.chaos --seed {options.seed})")
    started = time.monotonic()
    try:
        with Ground(print) as ground:
            wrong = [part for part in options.only if not PROOFS[part](ground, options)]
    except BrokerError as reason:
        print(reason)
        return 2
    except KeyboardInterrupt:
        print("Interrompu : la preuve n’est pas faite. Rien ne reste en marche.", flush=True)
        # Runs cut short would go on asking dead services for their whole patience.
        os._exit(INTERRUPTED)
    print(f"\nDurée totale : {time.monotonic() - started:.0f} s.")
    if wrong:
        print(f"La preuve échoue : {', '.join(wrong)}.")
        return 1
    print("La boutique tient ses promesses.")
    return 0


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos", description="La preuve : la boutique sous les pannes."
    )
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="la graine")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="ces parties")
    parser.add_argument("--orders", type=int, default=1_000, help="commandes de la tempête")
    parser.add_argument("--workers", type=int, default=report.WORKERS, help="passages à la fois")
    return parser.parse_args(arguments)


@functools.cache
def dry_runs(ground, workers):
    """For each scenario, the passes counted when nobody dies, and the result of that run."""
    scenarios = list(points.SCENARIOS)
    found = report.in_parallel(
        "À blanc", lambda scenario: points.passes(ground, scenario), scenarios, workers
    )
    return dict(zip(scenarios, found, strict=True))


def prove_points(ground, options):
    """Every point × pass × payment, and what no scenario reaches."""
    dry = dry_runs(ground, options.workers)
    plans = {s: points.single(s, counted) for s, (counted, _) in dry.items()}
    groups = enumerated(ground, options, "Points de mort", plans)
    groups["à blanc"] = [result for _, result in dry.values()]
    missed = points.never_passed([counted for counted, _ in dry.values()])
    if missed:
        print(f"Points qu’aucun scénario n’atteint : {', '.join(missed)}.")
    return judge(groups) and not missed


def prove_pairs(ground, options):
    """Two deaths in one run, a seeded selection."""
    dry = dry_runs(ground, options.workers)
    plans = {s: points.pairs(s, counted, options.seed) for s, (counted, _) in dry.items()}
    print(
        f"Paires : une sélection tirée par la graine {options.seed}, "
        f"où chaque point en rencontre {2 * points.PAIRINGS} autres."
    )
    groups = enumerated(ground, options, "Paires de morts", plans)
    return judge(groups, must_reach=False)


def enumerated(ground, options, title, plans):
    """The results of all the plans, grouped by scenario."""
    flat = [plan for group in plans.values() for plan in group]
    results = report.carried_out(title, ground, flat, options.workers)
    groups, at = {}, 0
    for scenario, group in plans.items():
        groups[points.title(scenario)] = results[at : at + len(group)]
        at += len(group)
    return groups


def judge(groups, must_reach=True):
    """Print the tables; whether nothing is wrong."""
    results = [result for group in groups.values() for result in group]
    print(f"\n{report.runs_table(groups)}\n\n{report.invariants_table(results)}\n")
    missed = report.not_reached(results)
    if missed:
        print(f"Sans atteindre leur point : {'; '.join(missed)}.")
    print(report.stories(results), end="")
    broken = any(result.violations for result in results)
    return not broken and not (missed and must_reach)


def prove_mutants(ground, options):
    """Every planted bug must break the invariant it is said to break, and the shop none."""
    witnesses = report.carried_out("Témoins", ground, mutants.witnesses(), options.workers)
    healthy = judge({"la boutique, mêmes passages": witnesses})
    outcomes = report.in_parallel(
        "Fautes plantées",
        lambda mutant: mutants.hunt(ground, mutant),
        mutants.MUTANTS,
        options.workers,
    )
    print(f"\n{report.mutants_table(outcomes)}\n")
    caught = sum(outcome.caught for outcome in outcomes)
    print(f"Fautes vues : {caught} sur {len(outcomes)}.")
    return healthy and caught == len(outcomes)


def prove_storm(ground, options):
    """Orders under load, everything killed once."""
    outcome = storm.rage(ground, options.seed, options.orders, print)
    print(f"\n{storm.summary(outcome)}\n{report.stories([outcome])}", end="")
    return not outcome.violations


PROOFS = {
    "points": prove_points,
    "pairs": prove_pairs,
    "mutants": prove_mutants,
    "storm": prove_storm,
}

if __name__ == "__main__":
    sys.exit(main())
