"""Chapter 00: the shop opens, is watched and broken; a first answer is checked."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Bienvenue",
    question="Que va-t-on faire ici ?",
    english=("Welcome", "What shall we do here?"),
    minutes=20,
    exercises={"stock": "core"},
)
