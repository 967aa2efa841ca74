"""Chapter 06: a hung dependency, a breaker that opens and probes, retries that outlive a fault."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Disjoncteur",
    question="Comment échouer vite ?",
    english=("Circuit breaker", "How to fail fast?"),
    minutes=60,
    deeper=35,
    after=("ch05",),
    exercises={"rule": "core", "breaker": "core", "lock": "deeper"},
)
