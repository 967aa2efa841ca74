"""Chapter 03: the API gateway routes, authenticates, limits, watches and gathers; on the shop's."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="API Gateway",
    question="Qui garde la porte ?",
    english=("API gateway", "Who keeps the door?"),
    minutes=60,
    deeper=40,
    after=("ch00",),
    exercises={"headers": "core", "limit": "core", "relay": "deeper"},
)
