"""ch90.total: a function, judged in two steps."""

from workbook.checks import Exercise, expect, plain

exercise = Exercise(
    "ch90.total",
    title="Le total d’une commande",
    asks="order_total",
    hints=("Multipliez chaque prix par sa quantité.", "`sum(prix * n for prix, n in lignes)`"),
)


@exercise.step("Une commande de deux lignes", points=1)
def two_lines(lab, order_total):
    price = lab.random.randrange(100, 900)
    got = plain(order_total([(price, 2), (50, 1)]))

    expect(
        got == 2 * price + 50,
        seen=f"order_total a rendu {got} pour 2 × {price} + 50.",
        expected=f"{2 * price + 50}",
        meaning="Le client paie un autre prix que celui affiché.",
    )


@exercise.step("Une commande vide", points=2, after=two_lines)
def empty(lab, order_total):
    got = plain(order_total([]))

    expect(got == 0, seen=f"order_total a rendu {got}.", expected="0")
