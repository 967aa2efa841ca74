"""Mutant: a bug that is planted in a copy of the services, and hunted with plans."""

import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from ..runs import attempt
from ..shop import REPOSITORY

PATIENCE = 6.0  # seconds of unrest that are enough: the shop is quiet in less than one


@dataclass(frozen=True)
class Mutant:
    """A planted bug: `patches` are (file below services/, old text, new text)."""

    name: str
    breaks: tuple
    plans: tuple
    patches: tuple
    deployed: tuple = ()  # a bug of the chassis: the services that get it and that no plan names

    @property
    def services(self):
        """The services that run the mutated code; of the chassis, which is everybody's, a few."""
        touched = {file.partition("/")[0] for file, _, _ in self.patches}
        if "chassis" not in touched:
            return tuple(touched)
        named = {fault.partition(":")[0] for plan in self.plans for fault in plan.faults}
        return (*named, *self.deployed)


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    broken: list
    schedule: str
    seconds: float
    story: list

    @property
    def caught(self):
        """Whether an invariant it was said to break is broken."""
        return bool(set(self.broken) & set(self.mutant.breaks))


class StaleMutant(Exception):
    """The text to replace is not in the services any more: the mutant must be written anew."""


def hunt(ground, mutant):
    """Run the mutant's plans until one breaks an invariant it should."""
    started, tree = time.monotonic(), planted(ground, mutant)
    broken, schedule, story = [], "", []
    for plan in mutant.plans:
        hurried = replace(plan, patience=min(plan.patience, PATIENCE))
        result = attempt(ground, hurried, tree, mutant.services)
        broken, schedule, story = result.broken(), plan.name, result.story()
        if set(broken) & set(mutant.breaks):
            break
    shutil.rmtree(tree, ignore_errors=True)
    return Outcome(mutant, broken, schedule, time.monotonic() - started, story)


def planted(ground, mutant):
    """A copy of the services with the mutant's patches; the folder to put on PYTHONPATH."""
    run_folder = Path(ground.launcher.run_folder)
    tree = run_folder / f"mutant-{time.monotonic_ns()}"
    shutil.copytree(REPOSITORY / "services", tree / "services")
    for file, old, new in mutant.patches:
        path = tree / "services" / file
        text = path.read_text("utf-8")
        if text.count(old) != 1:
            raise StaleMutant(f"{mutant.name} : {text.count(old)} fois dans {file} : {old!r}")
        path.write_text(text.replace(old, new), "utf-8")
    return tree
