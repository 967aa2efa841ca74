"""Exercises of the test lab: a service of the learner's."""

from workbook.checks import Exercise, expect

exercise = Exercise(
    "lab9.rooms",
    title="Un service de salles",
    hints=("Une route par méthode.",),
    service="rooms",
)


@exercise.step("GET /rooms répond une liste", points=1)
def lists(lab):
    response = lab.service.get("/rooms")

    expect(
        response.status_code == 200 and isinstance(response.json().get("rooms"), list),
        seen=f"GET /rooms a répondu {response.status_code}.",
        expected='200 et {"rooms": […]}',
        meaning="Personne ne peut réserver une salle.",
    )


@exercise.step("Une salle inconnue est refusée", points=1, after=lists)
def unknown_room(lab):
    response = lab.service.get(f"/rooms/{lab.unique('salle')}")

    expect(
        response.status_code == 404,
        seen=f"Une salle inconnue a répondu {response.status_code}.",
        expected="404",
        meaning="On réserve une salle qui n’existe pas.",
    )
