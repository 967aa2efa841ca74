"""Chapter 11: logs, metrics and traces of one shop; what each shows, and what each hides."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Observabilité",
    question="Que s’est-il passé ?",
    english=("Observability", "What happened?"),
    minutes=60,
    deeper=35,
    after=("ch00",),
    exercises={"red": "core", "trace": "core", "lost": "deeper"},
)
