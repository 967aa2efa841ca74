"""Harness 2: the learner's own Products service, judged through HTTP on the running process."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="L’API Products",
    question="Qu’est-ce qu’une bonne API REST promet ?",
    english=("The Products API", "What does a good REST API promise?"),
    minutes=90,
    after=("ch00",),
    exercises={
        "service": "core",
        "crud": "core",
        "validation": "core",
        "openapi": "deeper",
    },
)
