"""Chapter 08: two writes that are not one, a join across services, a copy and how old it is."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Une base par service",
    question="À qui est cette donnée ?",
    english=("Database per service", "Whose data is this?"),
    minutes=60,
    deeper=30,
    after=("ch07",),
    exercises={"outbox": "core", "names": "core", "own": "deeper"},
)
