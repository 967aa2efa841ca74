"""What is taught: one folder a chapter or lab, with its text, exercises, experiments and answers.

Here stand only the chapters announced and not written yet.
"""

from workbook.checks import Chapter

PLANNED = {
    "ch02": Chapter(
        title="Principes",
        question="Où passe la frontière d’un service ?",
        english=("Principles", "Where does a service's border run?"),
        minutes=35,
        after=("ch01",),
    ),
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
}
