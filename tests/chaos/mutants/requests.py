"""Bugs of requests: idempotency keys, answers, and what is copied from what the client asked."""

from .mutant import Mutant
from .schedules import BASKET, CALM, NO_KEY, PAYMENTS_LATE, RIVALS, TWO_USERS

KEYS = "orders/idempotency.py"
ENDINGS = "orders/endings.py"

BUGS = (
    Mutant(
        "rejouer un POST sans clé",
        ("I2",),
        (NO_KEY,),
        (
            (
                "chassis/retry.py",
                "    return method in SAFE or idempotency_key is not None",
                "    return True",
            ),
        ),
        deployed=("gateway",),
    ),
    Mutant(
        "ignorer la clé d’idempotence",
        ("I3",),
        (CALM,),
        (
            (
                "orders/idempotency.py",
                "        self.user_id, self.key = user_id, key\n",
                "        self.user_id, self.key = user_id, None\n",
            ),
        ),
    ),
    Mutant(
        "ne pas garder la réponse",
        ("I3",),
        (PAYMENTS_LATE,),
        (
            (
                "orders/idempotency.py",
                "            return row.status, row.answer\n",
                "            return status, body\n",
            ),
        ),
    ),
    Mutant(
        "une clé vaut pour tous les clients",
        ("I3",),
        (TWO_USERS,),
        (
            (
                KEYS,
                "session.get(IdempotencyKey, (self.user_id, self.key))",
                "session.query(IdempotencyKey).filter_by(key=self.key).first()",
            ),
        ),
    ),
    Mutant(
        "chercher la clé, puis la poser",
        ("I2", "I3"),
        (RIVALS,),
        ((KEYS, "        if not row.order_id:\n", "        if True:\n"),),
    ),
    Mutant(
        "un total sans les quantités",
        ("I5",),
        (BASKET,),
        (
            (
                "orders/placing.py",
                'item["price_cents"] * item["quantity"]',
                'item["price_cents"]',
            ),
        ),
    ),
    Mutant(
        "mal recopier les quantités",
        ("I6",),
        (BASKET,),
        (("orders/pricing.py", '"quantity": n, **', '"quantity": 1, **'),),
    ),
    Mutant(
        "écrire à un autre client",
        ("I7",),
        (TWO_USERS,),
        ((ENDINGS, '        "user_id": order.user_id,\n', '        "user_id": "bob",\n'),),
    ),
)
