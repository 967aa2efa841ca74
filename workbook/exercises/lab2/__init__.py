"""Lab 2: the learner's own Products service, judged through HTTP on the running process."""

# ruff: noqa: I001 - in the order of the lab, which is the order of the progress table

from workbook.exercises.lab2.service import service
from workbook.exercises.lab2.crud import crud
from workbook.exercises.lab2.validation import validation
from workbook.exercises.lab2.contract import openapi

__all__ = ["crud", "openapi", "service", "validation"]
