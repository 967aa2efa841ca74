"""Chapter 12: the module's tools beside what was built by hand, its challenges, its key points."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Outils et défis",
    question="Qu’est-ce qui tient quand tout tombe ?",
    english=("Tools and challenges", "What stands when everything falls?"),
    minutes=45,
    after=("ch09", "ch11"),
    exercises={"versions": "core", "fencing": "core"},
)
