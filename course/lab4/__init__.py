"""Lab 4: RabbitMQ set up, a publisher, a consumer, a test; then the return of an article."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Événements avec RabbitMQ",
    question="Comment reprendre un article sans rien perdre ?",
    english=("Events with RabbitMQ", "How to take an article back and lose nothing?"),
    minutes=90,
    deeper=30,
    after=("ch07",),
    exercises={
        "topology": "core",
        "publisher": "core",
        "notify": "core",
        "proof": "core",
        "returns": "deeper",
    },
)
