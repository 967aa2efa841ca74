"""Chapter 05: the unknown outcome; time-outs, deadlines, retries, idempotency keys, lost update."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Appels REST",
    question="Que faire quand l’autre ne répond pas ?",
    english=("REST calls", "What to do when the other does not answer?"),
    minutes=60,
    deeper=35,
    after=("ch00",),
    exercises={"translate": "core", "retry": "core", "till": "deeper"},
)
