"""Chapter 04: leases, calls spread by the client, a dead registry, a slow instance."""

from workbook.checks import Chapter

CHAPTER = Chapter(
    title="Découverte de services",
    question="Comment trouver un service qui déménage ?",
    english=("Service discovery", "How to find a service that moves?"),
    minutes=45,
    deeper=35,
    after=("ch05",),
    exercises={"leases": "core", "balancer": "core", "late": "deeper"},
)
