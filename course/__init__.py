"""What is taught: one folder a chapter or lab, with its text, exercises, experiments and answers.

Here stand only the chapters announced and not written yet, and the ways through the course.
"""

from workbook.checks import Chapter, LearningPath

PLANNED = {
    "ch02": Chapter(
        title="Principes",
        question="Où passe la frontière d’un service ?",
        english=("Principles", "Where does a service's border run?"),
        minutes=35,
        after=("ch01",),
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
    "ch12": Chapter(
        title="Outils et défis",
        question="Qu’est-ce qui tient quand tout tombe ?",
        english=("Tools and challenges", "What stands when everything falls?"),
        minutes=30,
        after=("ch09", "ch11"),
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

# Sessions of an hour and a half at most: `tests/test_course.py` adds them up.
PATHS = (
    LearningPath(
        title="Découverte",
        english="Discovery",
        sessions=(("ch00", "ch01"), ("ch05",), ("ch02", "ch07"), ("ch11",)),
    ),
    LearningPath(
        title="Module",
        english="Module",
        sessions=(
            ("ch00", "ch01"),
            ("ch02", "ch07"),
            ("ch03",),
            ("ch05",),
            ("ch04",),
            ("ch06",),
            ("ch08",),
            ("ch09",),
            ("ch10",),
            ("ch11", "ch12"),
        ),
        between=("lab1", "lab2", "lab3", "lab4"),
    ),
)
