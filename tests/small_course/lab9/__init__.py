"""The test lab."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Salles",
    question="Où ?",
    english=("Rooms", "Where?"),
    minutes=5,
    after=("ch90",),
    exercises={"rooms": "core"},
)
