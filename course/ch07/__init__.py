"""Chapter 07: bindings, safe publishing, acknowledgement, poison, idempotence; on real RabbitMQ."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Messages asynchrones",
    question="Comment se parler sans s’attendre ?",
    english=("Asynchronous messages", "How to talk without waiting for each other?"),
    minutes=55,
    deeper=65,
    after=("ch00",),
    kills_broker=True,
    exercises={
        "bindings": "core",
        "publish": "core",
        "consume": "deeper",
        "poison": "deeper",
        "idempotent": "deeper",
    },
)
