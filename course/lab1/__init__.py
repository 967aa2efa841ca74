"""Lab 1: a shop designed as data, drawn, deployed as stubs, and killed one service at a time."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Conception d’une boutique",
    question="Qui marche encore quand un service est mort ?",
    english=("Designing a shop", "Who still works when a service is dead?"),
    minutes=90,
    after=("ch01",),
    exercises={
        "domains": "core",
        "duties": "core",
        "links": "core",
        "owners": "core",
        "falls": "core",
    },
)
