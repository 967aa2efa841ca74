"""Chapter 02: the five principles of the module, an experiment each; contracts in depth."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Principes",
    question="Où passe la frontière d’un service ?",
    english=("Principles", "Where does a service's border run?"),
    minutes=45,
    deeper=20,
    after=("ch01",),
    exercises={"alone": "core", "contract": "core", "promo": "deeper"},
)
