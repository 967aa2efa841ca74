"""What steps are written with: `expect`, `eventually`, and `plain` values."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from workbook.checks.outcome import Finding, Incorrect
from workbook.waiting import patient


def expect(
    condition: object,
    seen: str,
    expected: str = "",
    meaning: str = "",
    http: object = None,
) -> None:
    """Go on when `condition` holds, else end the step as incorrect.

    `seen` is what happened, `expected` what should have, `meaning` what it would do to the shop;
    `http` is the HTTP response (or a text) that proves it.
    """
    if not condition:
        raise Incorrect(Finding(seen, expected, meaning, http))


def eventually(
    observe: Callable[[], Any],
    until: Callable[[Any], object] = bool,
    *,
    timeout: float = 5.0,
    every: float = 0.05,
    seen: str | Callable[[Any], str] = str,
    expected: str = "",
    meaning: str = "",
) -> Any:
    """Poll `observe()` until `until(value)`; return that value.

    After `timeout` seconds (more on a busy machine) the step is incorrect, and says the last value
    observed: `seen` is a text, or a function of the value (`lambda n: f"{n} messages en file"`).
    `observe` may itself use `expect`: its refusals count as "not yet", and the last one is shown.
    """
    timeout = patient(timeout)
    deadline = time.monotonic() + timeout
    while True:
        refusal, value = None, None
        try:
            value = observe()
            if until(value):
                return value
        except Incorrect as incorrect:
            refusal = incorrect
        if time.monotonic() >= deadline:
            raise refusal or _too_late(value, timeout, seen, expected, meaning)
        time.sleep(every)


def _too_late(
    value: Any, timeout: float, seen: str | Callable[[Any], str], expected: str, meaning: str
) -> Incorrect:
    text = seen(value) if callable(seen) else seen
    return Incorrect(Finding(f"{text} (après {timeout:.3g} s d’attente)", expected, meaning))


def plain(value: object, what: str = "La réponse") -> Any:
    """`value` as JSON would carry it: only dict, list, str, int, float, bool and None.

    Compare this, never the learner's object: it may have an `__eq__` of its own.
    """
    try:
        return json.loads(json.dumps(value))
    except (TypeError, ValueError) as error:
        raise Incorrect(
            Finding(
                seen=f"{what} contient une valeur de type « {type(value).__name__} » "
                "qui ne se traduit pas en JSON.",
                expected="des nombres, textes, listes et dictionnaires",
            )
        ) from error
