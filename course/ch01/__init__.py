"""Chapter 01: the same shop as a block and as services; what falls, what it costs, how to cut."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Monolithe ou micro-services",
    question="Que gagne-t-on à couper, et que perd-on ?",
    english=("Monolith or microservices", "What does one gain by cutting, and lose?"),
    minutes=50,
    deeper=30,
    after=("ch00",),
    exercises={"bulkhead": "core", "strangle": "core", "copies": "deeper"},
)
