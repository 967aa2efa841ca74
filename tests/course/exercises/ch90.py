"""Exercises of the test chapter: a function in two steps, and a value."""

from workbook.checks import Exercise, expect, plain

total = Exercise(
    "ch90.total",
    title="Le total d’une commande",
    hints=("Multipliez chaque prix par sa quantité.", "`sum(prix * n for prix, n in lignes)`"),
)


@total.step("Une commande de deux lignes", points=1)
def two_lines(lab, order_total):
    price = lab.random.randrange(100, 900)
    got = plain(order_total([(price, 2), (50, 1)]))

    expect(
        got == 2 * price + 50,
        seen=f"order_total a rendu {got} pour 2 × {price} + 50.",
        expected=f"{2 * price + 50}",
        meaning="Le client paie un autre prix que celui affiché.",
    )


@total.step("Une commande vide", points=2, after=two_lines)
def empty(lab, order_total):
    got = plain(order_total([]))

    expect(got == 0, seen=f"order_total a rendu {got}.", expected="0")


owner = Exercise("ch90.owner", title="Qui possède le stock ?", hints=("Relisez la carte.",))


@owner.step("Le bon service", points=1)
def right_owner(lab, answer):
    seen = f"Vous avez répondu « {answer} »."
    expect(plain(answer) == "inventory", seen=seen, expected="le service qui garde les quantités")


broken = Exercise("ch90.broken", title="Une vérification en panne")


@broken.step("Ce qui ne peut être vérifié", points=1)
def out_of_order(lab, answer):
    raise OSError("no route to host")
