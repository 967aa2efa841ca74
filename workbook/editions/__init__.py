"""Two editions of each chapter from one text source, in jupytext's percent format.

    course/ch07/07_NAME.py    ->  notebooks/07_NAME.ipynb (student)  and  solutions/07_NAME.ipynb
    course/lab2/lab2_NAME.py  ->  labs/lab2_NAME.ipynb    (student)  and  solutions/lab2_NAME.ipynb

The student edition is a pure function of the source. A solved edition is executed again only when
something in its chapter's folder has changed: its metadata keep that digest. How to write a source
is in CONTRIBUTING.md.
"""

from workbook.editions.build import UnknownSource, build, drift
from workbook.editions.cell import solved_text, student_text
from workbook.editions.notebook import student_edition
from workbook.editions.solved import ExecutionFailed, execute
from workbook.editions.source import Mistake, Source, read, sources

__all__ = [
    "ExecutionFailed",
    "Mistake",
    "Source",
    "UnknownSource",
    "build",
    "drift",
    "execute",
    "read",
    "solved_text",
    "sources",
    "student_edition",
    "student_text",
]
