"""Lab 5: the wheel of misfortune, incidents drawn by seed, lived in a shop that scores them."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="La roue de l’infortune",
    question="Que faire quand la boutique va mal, et que personne ne sait pourquoi ?",
    english=("The wheel of misfortune", "What to do when the shop is ill and nobody knows why?"),
    minutes=90,
    deeper=75,
    after=("ch05", "ch07", "ch11"),
    exercises={
        "detect": "core",
        "locate": "core",
        "report": "core",
        "mend": "core",
    },
)
