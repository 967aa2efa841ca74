"""The test chapter."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Totaux",
    question="Combien ?",
    english=("Totals", "How much?"),
    minutes=5,
    exercises={"total": "core", "owner": "deeper"},
)
