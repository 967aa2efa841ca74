"""ch02.alone: a service that starts, serves and recovers, whatever becomes of its neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from course.ch02.neighbour import Neighbour
from workbook.checks import Exercise, Harness, Incorrect, expect
from workbook.checks.harness import LearnerService
from workbook.checks.outcome import Finding
from workbook.shop.diagnosis import ServiceFailed

if TYPE_CHECKING:
    from workbook.shop.client import Response

TRIAL = "fiche-essai"
A_LITTLE, TRIES = 0.3, 5  # seconds; pages
ARTICLES = {
    "LAMP": {"name": "Lampe de bureau", "price_cents": 3990},
    "MUG": {"name": "Tasse", "price_cents": 990},
}

exercise = Exercise(
    "ch02.alone",
    title="Une fiche qui n’attend personne",
    service="fiche",
    hints=(
        "Que fait votre fonction si personne n’écoute à l’adresse `AVIS` ? Si quelqu’un prend "
        "l’appel, et ne répond jamais ?",
        "`requests.get(adresse, timeout=0.5)` renonce de lui-même. Toutes ses exceptions sont des "
        "`requests.RequestException`, et un statut 500 n’en lève pas : demandez-le.",
        '`answer.raise_for_status()`, puis `answer.json()["reviews"]`, dans un `try` ; '
        "`except requests.RequestException: return None`. Rien au démarrage, rien de gardé.",
    ),
)


@exercise.step("Sans avis, la fiche démarre et se vend", points=2, timeout=60)
def starts_alone(harness: Harness) -> None:
    trial = _trial(harness)
    trial.expect_pages(None, "avis est mort")
    answer = trial.get("NOPE")
    expect(
        answer.status_code == 404,
        seen=f"Un article inconnu, avis mort : réponse {answer.status_code}.",
        expected="404",
        meaning="Le client croirait à une panne, alors qu’il s’est trompé d’article.",
        http=answer,
    )


@exercise.step("Avec avis, elle montre ceux du moment", points=1, after=starts_alone, timeout=60)
def shows_reviews(harness: Harness) -> None:
    trial = _trial(harness)
    for reviews in ([5, 4], [1], []):
        trial.neighbour.say(reviews)
        trial.expect_pages(reviews, f"avis vient de publier {reviews}")
    expect(
        trial.get("NOPE").status_code == 404,
        seen="Un article inconnu, avis vivant : ce n’est pas 404.",
        expected="404",
        meaning="On vendrait un article qui n’existe pas.",
    )


@exercise.step(
    "Une panne d’avis ne lui prend que les avis", points=2, after=shows_reviews, timeout=90
)
def outlives_failures(harness: Harness) -> None:
    trial = _trial(harness)
    failures = {
        "avis répond 500": lambda n: n.fail(500),
        "avis répond 503": lambda n: n.fail(503),
        "avis est mort": lambda n: n.die(),
        "avis prend l’appel et ne répond pas": lambda n: n.hang(),
    }
    for what, happens in failures.items():
        happens(trial.neighbour)
        trial.expect_pages(None, what)
        trial.neighbour.say([3])
        trial.expect_pages([3], f"{what}, puis il revient")


@exercise.step("Un avis un peu lent n’est pas perdu", points=1, after=shows_reviews, timeout=60)
def waits_a_little(harness: Harness) -> None:
    """A busy machine only ever adds to the wait: whoever gives up too early does so each time."""
    trial = _trial(harness)
    trial.neighbour.say([4, 4], later=A_LITTLE)
    pages: list[Any] = []
    while len(pages) < TRIES and not (pages and _has(pages[-1], [4, 4])):
        pages.append(_body(trial.get("LAMP")))
    expect(
        _has(pages[-1], [4, 4]),
        seen=f"avis répond au bout de trois dixièmes de seconde : {TRIES} fois sur {TRIES}, la "
        f"fiche est {pages[-1]}.",
        expected="ses avis : ce n’est pas encore un silence",
        meaning="Un jour chargé, plus aucune fiche n’aurait d’avis.",
    )


def _has(page: Any, reviews: list[int]) -> bool:
    return isinstance(page, dict) and page.get("reviews") == reviews


class _Trial:
    """The learner's program, told where a neighbour is that we rule; it starts with it dead."""

    def __init__(self, harness: Harness) -> None:
        self.service = LearnerService(TRIAL)
        self.neighbour = harness.closing.enter_context(Neighbour())
        _, _, rest = harness.service.source.read_text(encoding="utf-8").partition("\n")
        told = f'import os; os.environ["AVIS_URL"] = "{self.neighbour.url}"'
        harness.closing.callback(harness.shop.withdraw, TRIAL)
        try:
            # In place of the heading: the learner's lines keep their numbers.
            harness.shop.serve(TRIAL, f"{told}\n{rest}")
        except ServiceFailed as failed:
            raise Incorrect(
                Finding(
                    seen=f"avis est mort, et fiche ne démarre pas : {failed}",
                    expected="un service qui démarre seul",
                    meaning="Après une coupure, il faudrait relancer tout dans le bon ordre.",
                )
            ) from failed

    def get(self, sku: str) -> Response:
        """A page."""
        return self.service.get(f"/fiches/{sku}")

    def expect_pages(self, reviews: list[int] | None, situation: str) -> None:
        """Each article is shown, with these reviews."""
        for sku, article in ARTICLES.items():
            answer = self.get(sku)
            expect(
                answer.status_code == 200,
                seen=f"{situation[0].upper()}{situation[1:]} : GET /fiches/{sku} répond "
                f"{answer.status_code}.",
                expected="200 : le prix ne dépend pas des avis",
                meaning="La boutique cesserait de vendre parce qu’il manque des avis.",
                http=answer,
            )
            wanted = {**article, "reviews": reviews}
            expect(
                _body(answer) == wanted,
                seen=f"{situation[0].upper()}{situation[1:]} : la fiche de {sku} est "
                f"{answer.text[:160]}",
                expected=f"{wanted}".replace("None", "null"),
                meaning=_meaning(reviews),
                http=answer,
            )


def _trial(harness: Harness) -> _Trial:
    return harness.kept("trial", lambda: _Trial(harness))


def _meaning(reviews: list[int] | None) -> str:
    if reviews is None:
        return "« Aucun avis » et « je ne sais pas » ne disent pas la même chose au client."
    return "Le client lirait des avis qui ne sont pas ceux d’aujourd’hui."


def _body(answer: Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
