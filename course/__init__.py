"""What is taught: one folder a chapter or lab, with its text, exercises, experiments and answers.

Here stand only the chapters announced and not written yet, and the ways through the course.
"""

from workbook.checks import Chapter, LearningPath

PLANNED: dict[str, Chapter] = {}

# Sessions of an hour and a half at most: `tests/test_course.py` adds them up.
PATHS = (
    LearningPath(
        title="Découverte",
        english="Discovery",
        sessions=(("ch00", "ch01"), ("ch05",), ("ch07",), ("ch11",)),
    ),
    LearningPath(
        title="Module",
        english="Module",
        sessions=(
            ("ch00", "ch01"),
            ("ch03",),
            ("ch05",),
            ("ch02", "ch04"),
            ("ch06",),
            ("ch07",),
            ("ch08",),
            ("ch09",),
            ("ch10",),
            ("ch11",),
            ("ch12",),
        ),
        between=("lab1", "lab2", "lab3", "lab4", "lab5"),
    ),
)
