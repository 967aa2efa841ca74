"""Chapter 10: who speaks (401), what they may do (403), and what a signature proves."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Sécurité et JWT",
    question="Qui parle, et qu’a-t-il le droit de faire ?",
    english=("Security and JWT", "Who is speaking, and what may they do?"),
    minutes=60,
    deeper=30,
    after=("ch03",),
    exercises={
        "decide": "core",
        "verifier": "core",
        "owner": "deeper",
    },
)
