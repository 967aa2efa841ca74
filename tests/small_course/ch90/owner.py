"""ch90.owner: a value, without a hint."""

from workbook.checks import Exercise, expect, plain

exercise = Exercise("ch90.owner", title="Qui possède le stock ?")


@exercise.step("Le bon service", points=1)
def right_owner(lab, answer):
    seen = f"Vous avez répondu « {answer} »."
    expect(plain(answer) == "inventory", seen=seen, expected="le service qui garde les quantités")
