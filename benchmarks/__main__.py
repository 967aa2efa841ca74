"""Run every benchmark, or those named, and print one table.

python -m benchmarks [map start broker memory gateway orders telemetry incident course]
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

COLUMNS = ("what", "ours", "rival", "ratio", "aim", "")


def main(names: list[str]) -> int:
    """Return 1 when a figure misses its aim, 0 otherwise."""
    found = (module.name for module in pkgutil.iter_modules(benchmarks.__path__))
    modules = [name for name in found if not name.startswith("_")]
    unknown = set(names) - set(modules)
    if unknown:
        print(f"No such benchmark: {', '.join(unknown)}; there are {', '.join(modules)}.")
        return 2
    rows = []
    for name in names or modules:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{name}").run()
    print(table(rows))
    return int(any(verdict(row) == "missed" for row in rows))


def table(rows: list[dict]) -> str:
    lines = [COLUMNS, *map(_cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    lines.insert(1, tuple("─" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def verdict(row: dict) -> str:
    if row["aim"] is None:
        return ""
    return "met" if row["ratio"] <= row["aim"] else "missed"


def _cells(row: dict) -> tuple[str, ...]:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    aim = "" if row["aim"] is None else f"≤ {row['aim']:g}"
    return row["what"], row["ours"], row["rival"], ratio, aim, verdict(row)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
