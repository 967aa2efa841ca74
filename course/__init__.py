"""What is taught: one folder a chapter or lab, with its text, exercises, experiments and answers.

Here stand only the chapters announced and not written yet.
"""

from workbook.checks import Chapter

PLANNED = {
    "ch04": Chapter(
        title="Découverte de services",
        question="Comment trouver un service qui déménage ?",
        english=("Service discovery", "How to find a service that moves?"),
        minutes=45,
        after=("ch05",),
    ),
    "ch08": Chapter(
        title="Une base par service",
        question="À qui est cette donnée ?",
        english=("Database per service", "Whose data is this?"),
        minutes=60,
        after=("ch07",),
    ),
    "ch09": Chapter(
        title="Saga",
        question="Comment défaire ce qui est fait ailleurs ?",
        english=("Saga", "How to undo what was done elsewhere?"),
        minutes=70,
        after=("ch08",),
    ),
    "lab1": Chapter(
        title="Conception d’une boutique",
        question="Qui marche encore quand un service est mort ?",
        english=("Designing a shop", "Who still works when a service is dead?"),
        minutes=90,
        after=("ch01",),
    ),
    "lab3": Chapter(
        title="Orders parle à Products",
        question="Que répondre au client quand l’autre se tait ?",
        english=("Orders talks to Products", "What to answer when the other is silent?"),
        minutes=90,
        after=("lab2", "ch05"),
    ),
    "lab4": Chapter(
        title="Événements avec RabbitMQ",
        question="Comment reprendre un article sans rien perdre ?",
        english=("Events with RabbitMQ", "How to take an article back and lose nothing?"),
        minutes=120,
        after=("ch07",),
    ),
}
