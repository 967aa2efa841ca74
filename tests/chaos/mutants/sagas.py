"""Bugs of sagas: what is undone, who runs them, how answers are read."""

from .mutant import Mutant
from .schedules import (
    BEREAVED,
    CHARGED_LATE,
    IMPOSTOR,
    OUT_OF_TIME,
    PAID_TOO_LATE,
    PAYMENTS_LATE,
    REFUSED,
    REFUSED_LATE,
    SLEEPER,
    SOLD_LATE,
    UNSOLD,
    dies_at,
)

SAGA = "orders/saga.py"
COMMANDS = "orders/commands.py"
RUNNERS = "orders/runners.py"

BUGS = (
    Mutant(
        "ne compenser que la dernière étape",
        ("I6",),
        (OUT_OF_TIME,),
        ((SAGA, "for name in reversed(kept))", "for name in kept[-1:])"),),
    ),
    Mutant(
        "ne jamais compenser",
        ("I6",),
        (REFUSED,),
        ((SAGA, "for name in reversed(kept))", "for name in ())"),),
    ),
    Mutant(
        "journal écrit après l’envoi",
        ("I5",),
        # A twin takes the saga over, and its time is up before it has asked payments again.
        (
            dies_at(
                "orders:after_charge:1", twins=("orders",), saga_timeout=0.6, orders=1, down=9.0
            ),
        ),
        (
            (
                SAGA,
                '            saga_log.write(command, "started")\n',
                "            pass\n",
            ),
            (
                SAGA,
                "            saga_log.write(command, outcome, detail)\n",
                '            saga_log.write(command, "started")\n'
                "            saga_log.write(command, outcome, detail)\n",
            ),
        ),
    ),
    Mutant(
        "pas de reprise des sagas",
        ("I4",),
        # Away for longer than orders waits: what is left of the saga is for the recovery.
        (dies_at("payments:before_charge_commit:1", down=6.0),),
        (("orders/recovery.py", "    lifecycle.every(PERIOD, lambda: recover(flow))\n", ""),),
    ),
    Mutant(
        "la panne d’un autre devient la nôtre",
        ("I12",),
        (PAYMENTS_LATE,),
        (
            (
                SAGA,
                "            runners.rest(order_id, fence)\n",
                "            runners.rest(order_id, fence)\n            raise\n",
            ),
        ),
    ),
    Mutant(
        "dire confirmé avant de le savoir",
        ("I1",),
        (REFUSED_LATE,),
        (("orders/answers.py", '"PENDING": 202', '"PENDING": 201'),),
    ),
    Mutant(
        "pas de numéro de barrière",
        ("I14",),
        (SLEEPER,),
        ((RUNNERS, "    if saga.fence != fence:\n", "    if False:\n"),),
    ),
    Mutant(
        "la saga d’un mort attend son retour",
        ("I4",),
        (BEREAVED,),
        ((RUNNERS, "if seconds >= 0]", "if seconds >= 0 and not saga.holder]"),),
    ),
    Mutant(
        "prendre un délai dépassé pour un refus",
        ("I5",),
        (CHARGED_LATE,),
        (
            (
                COMMANDS,
                "import Unavailable, service",
                "import DeadlineExceeded, Unavailable, service",
            ),
            (
                COMMANDS,
                "def send(name, order):\n",
                "def send(name, order):\n"
                "    try:\n"
                "        return send_in_time(name, order)\n"
                "    except DeadlineExceeded:\n"
                '        return "refused", None\n\n\n'
                "def send_in_time(name, order):\n",
            ),
        ),
    ),
    Mutant(
        "annuler une commande payée",
        ("I4",),
        (SOLD_LATE,),
        ((SAGA, 'return (PIVOT, "done") not in history and not', "return not"),),
    ),
    Mutant(
        "croire vendu ce qu’inventory n’a pas confirmé",
        ("I6",),
        (UNSOLD,),
        (
            (
                COMMANDS,
                "def send(name, order):\n",
                "def send(name, order):\n"
                "    try:\n"
                "        return send_once(name, order)\n"
                "    except Unavailable:\n"
                '        if name != "confirm":\n'
                "            raise\n"
                '        return "done", None\n\n\n'
                "def send_once(name, order):\n",
            ),
        ),
    ),
    Mutant(
        "prendre un 404 pour une confirmation",
        ("I6",),
        (IMPOSTOR,),
        (
            (
                COMMANDS,
                "    if response.ok:\n",
                "    if response.ok or response.status_code == 404:\n",
            ),
        ),
    ),
    Mutant(
        "garder l’argent d’une commande annulée",
        ("I5",),
        (PAID_TOO_LATE,),
        (
            (
                "payments/choreography.py",
                '    charges.refund(session, event.data["order_id"])\n',
                "",
            ),
        ),
    ),
)
