"""Figures of this course against its rivals, taken in the same run: `make bench`.

Each module has `run()`, which returns rows: `what`, `ours`, `rival`, `ratio` and `aim`.
"""
