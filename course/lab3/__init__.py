"""Lab 3: the learner's own Orders calls Products; errors told apart, one id in the logs, a key."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Orders parle à Products",
    question="Que répondre au client quand l’autre se tait ?",
    english=("Orders talks to Products", "What to answer when the other is silent?"),
    minutes=90,
    after=("lab2", "ch05"),
    exercises={
        "orders": "core",
        "call": "core",
        "errors": "core",
        "again": "core",
        "logs": "core",
    },
)
