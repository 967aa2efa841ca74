"""A wrong answer as a change of a right one: the mistake alone, not a copy of all that is right.

    # change of: right_dictionary
    # feedback: description | remplacement complet
    -    catalogue[sku] = {**request.get_json(), "sku": sku}
    +    catalogue[sku] = {**catalogue.get(sku, {}), **request.get_json()}

A line starts with `-` (removed), `+` (added) or a space (context, only where the place would not
be unique without it). A blank line ends a hunk; hunks stand in the order of the base. The old lines
of each must be whole lines found exactly once there: a stale change is refused, never guessed.
"""

import re


class StaleChange(Exception):
    """A change that does not apply to its base: the mistake must be written anew."""


def changed(base, change, name):
    """`base` with every hunk of `change` applied; `name` is the file that an error tells."""
    lines, result, end = base.splitlines(), [], 0
    for number, hunk in enumerate(_hunks(change), 1):
        where = f"{name}, hunk {number}"
        old, new = _side(hunk, "- ", where), _side(hunk, "+ ", where)
        start = _place(lines, old, end, where)
        result += lines[end:start] + new
        end = start + len(old)
    return "\n".join(result + lines[end:]) + "\n"


def _hunks(change):
    return [hunk.splitlines() for hunk in re.split(r"\n{2,}", change.strip("\n"))]


def _side(hunk, marks, where):
    if strange := [line for line in hunk if line[0] not in "-+ "]:
        raise StaleChange(f"{where}: neither “-”, “+” nor space begins {strange[0]!r}")
    return [line[1:] for line in hunk if line[0] in marks]


def _place(lines, old, end, where):
    starts = [n for n in range(len(lines) + 1) if lines[n : n + len(old)] == old]
    if len(starts) != 1:
        raise StaleChange(f"{where}: {len(starts)} times in the base, not once:\n" + "\n".join(old))
    if starts[0] < end:
        raise StaleChange(f"{where}: stands before or in the hunk above it")
    return starts[0]
