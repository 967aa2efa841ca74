"""Bugs of the participants: charges and reservations that are asked for twice, late, or in part."""

from .mutant import Mutant
from .schedules import BASKET, HALF_A_BASKET, OUT_OF_TIME, RUSH, dies_at

COMMANDS = "orders/commands.py"
CHARGES = "payments/charges.py"
RESERVATIONS = "inventory/reservations.py"

BUGS = (
    Mutant(
        "une clé neuve à chaque essai",
        ("I5",),
        (dies_at("orders:after_charge:1"),),
        (
            (
                COMMANDS,
                'idempotency_key=f"{order.id}:{name}"',
                "idempotency_key=f\"{name}:{__import__('uuid').uuid4().hex}\"",
            ),
            (
                CHARGES,
                "    payment = database.claim(session, Payment, order_id=order_id)\n"
                '    if payment.state != "NEW"',
                "    from flask import request\n"
                '    key = request.headers["Idempotency-Key"]\n'
                "    payment = database.claim(session, Payment, order_id=key)\n"
                '    if payment.state != "NEW"',
            ),
            (
                CHARGES,
                "    events.record(session, outcome, order_id, payment.payload(), "
                "mandatory=mandatory)\n",
                "",
            ),
        ),
    ),
    Mutant(
        "débit non idempotent",
        ("I5",),
        (dies_at("orders:after_charge:1"),),
        ((CHARGES, '    if payment.state != "NEW":', '    if payment.state == "VOID":'),),
    ),
    Mutant(
        "réservation non idempotente",
        ("I6",),
        (dies_at("orders:after_reserve:1"),),
        ((RESERVATIONS, '    if reservation.state != "NEW":', "    if False:"),),
    ),
    Mutant(
        "libération non idempotente",
        ("I6",),
        (dies_at("orders:after_release:1", card="tok_declined"),),
        (
            (
                RESERVATIONS,
                '    if reservation.state == "HELD":\n'
                "        move(session, reservation.quantities, Stock.reserved, Stock.available)",
                '    if reservation.state in {"HELD", "RELEASED"}:\n'
                "        move(session, reservation.quantities, Stock.reserved, Stock.available)",
            ),
            (
                "inventory/models.py",
                "    __table_args__ = (CheckConstraint("
                '"available >= 0 AND reserved >= 0 AND sold >= 0"),)\n',
                "",
            ),
        ),
    ),
    Mutant(
        "pas de verrou sémantique",
        ("I6",),
        (RUSH,),
        (
            (
                RESERVATIONS,
                "        move(session, quantities, Stock.available, Stock.reserved)\n",
                "",
            ),
            (
                RESERVATIONS,
                "move(session, reservation.quantities, Stock.reserved, Stock.sold)",
                "move(session, reservation.quantities, Stock.available, Stock.sold)",
            ),
            (
                "inventory/models.py",
                "    __table_args__ = (CheckConstraint("
                '"available >= 0 AND reserved >= 0 AND sold >= 0"),)\n',
                "",
            ),
        ),
    ),
    Mutant(
        "remboursement sans pierre tombale",
        ("I5",),
        (OUT_OF_TIME,),
        ((CHARGES, '        payment.state = "VOID"\n', "        pass\n"),),
    ),
    Mutant(
        "libération sans pierre tombale",
        ("I6",),
        (OUT_OF_TIME,),
        (
            (
                RESERVATIONS,
                '    reservation.state = "RELEASED"\n    return reservation',
                '    reservation.state = "NEW"\n    return reservation',
            ),
        ),
    ),
    Mutant(
        "ne réserver que le premier article",
        ("I6",),
        (BASKET,),
        ((COMMANDS, "for i in order.items]}", "for i in order.items[:1]]}"),),
    ),
    Mutant(
        "garder un article quand l’autre manque",
        ("I6",),
        (HALF_A_BASKET,),
        (
            (
                RESERVATIONS,
                "    reservation.detail = shortage(session, quantities)\n",
                "    for sku, units in quantities.items():\n"
                "        reservation.detail = shortage(session, {sku: units})\n"
                "        if reservation.detail:\n"
                "            break\n"
                "        move(session, {sku: units}, Stock.available, Stock.reserved)\n",
            ),
            (
                RESERVATIONS,
                "        move(session, quantities, Stock.available, Stock.reserved)\n",
                "",
            ),
        ),
    ),
)
