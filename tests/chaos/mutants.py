"""Mutants: bugs planted one at a time, to see that the proof would see them.

Each is a small patch, exact old text to new text, applied to a copy of services/; it refuses to
apply once the old text is gone, so that no mutant is quietly the shop itself. Each says which
invariants it may break, and by which plans it is seen: the first plan that breaks one is told.
The bugs are those of reference systems and of beginners; a suite that misses one proves nothing.
"""

import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path

from .plans import Plan
from .runs import attempt
from .world import REPOSITORY

PATIENCE = 6.0  # seconds of unrest that are enough: the shop is quiet in less than one


@dataclass(frozen=True)
class Mutant:
    """A planted bug: `patches` are (file below services/, old text, new text)."""

    name: str
    breaks: tuple
    plans: tuple
    patches: tuple

    @property
    def services(self):
        """The services that run the mutated code: the chassis is everybody's."""
        touched = {file.partition("/")[0] for file, _, _ in self.patches}
        return self.deployed_in if "chassis" in touched else tuple(touched)

    @property
    def deployed_in(self):
        """Where a bug of the chassis is deployed: where its plans look for it."""
        named = {fault.partition(":")[0] for plan in self.plans for fault in plan.faults}
        return tuple(named | set(EVERYWHERE.get(self.name, ())))


@dataclass(frozen=True)
class Outcome:
    mutant: Mutant
    broken: list
    schedule: str
    seconds: float
    story: list

    @property
    def caught(self):
        """Whether an invariant it was said to break is broken."""
        return bool(set(self.broken) & set(self.mutant.breaks))


class StaleMutant(Exception):
    """The text to replace is not in the services any more: the mutant must be written anew."""


def hunt(ground, mutant):
    """Run the mutant's plans until one breaks an invariant it should."""
    started, tree = time.monotonic(), planted(ground, mutant)
    broken, schedule, story = [], "", []
    for plan in mutant.plans:
        hurried = replace(plan, patience=min(plan.patience, PATIENCE))
        result = attempt(ground, hurried, tree, mutant.services)
        broken, schedule, story = result.broken(), plan.name, result.story()
        if set(broken) & set(mutant.breaks):
            break
    shutil.rmtree(tree, ignore_errors=True)
    return Outcome(mutant, broken, schedule, time.monotonic() - started, story)


def planted(ground, mutant):
    """A copy of the services with the mutant's patches; the folder to put on PYTHONPATH."""
    run_folder = Path(ground.launcher.run_folder)
    tree = run_folder / f"mutant-{MUTANTS.index(mutant)}-{time.monotonic_ns()}"
    shutil.copytree(REPOSITORY / "services", tree / "services")
    for file, old, new in mutant.patches:
        path = tree / "services" / file
        text = path.read_text("utf-8")
        if text.count(old) != 1:
            raise StaleMutant(f"{mutant.name} : {text.count(old)} fois dans {file} : {old!r}")
        path.write_text(text.replace(old, new), "utf-8")
    return tree


def witnesses():
    """Every plan of the mutants, for the shop itself: there it must break nothing."""
    return list(dict.fromkeys(plan for mutant in MUTANTS for plan in mutant.plans))


# --- schedules ---------------------------------------------------------------------------------


def dies_at(*faults, orders=2, **more):
    return Plan("mort à " + " puis ".join(faults), faults, orders=orders, **more)


CALM = Plan("sans panne", orders=2)
REFUSED = Plan("carte refusée", card="tok_declined", orders=2)
PAYMENTS_LATE = Plan("payments absent, puis là", late=("payments",), orders=2)
REFUSED_LATE = replace(PAYMENTS_LATE, name="payments absent, carte refusée", card="tok_declined")
OUT_OF_TIME = replace(
    PAYMENTS_LATE, name="payments revient trop tard", saga_timeout=0.6, late_copies=True
)
NOBODY_LISTENS = Plan("notifications pas encore né", late=("notifications",), orders=2)
RUSH = Plan("huit clients, cinq livres", late=("payments",), orders=8, sku="BOOK")
NO_KEY = Plan(
    "sans clé, par la gateway, mort à orders:after_create_commit:1",
    ("orders:after_create_commit:1",),
    services=("gateway", "orders", "inventory", "payments", "notifications"),
    twins=True,
    keyed=False,
    orders=4,
)
NOBODY_RESERVES = Plan(
    "inventory pas encore né, chorégraphie",
    saga="choreography",
    late=("inventory",),
    saga_timeout=0.3,
    orders=2,
)
HALF_BOUND = replace(
    NOBODY_RESERVES,
    name="inventory meurt entre deux liaisons, chorégraphie",
    faults=("inventory:consumer_between_bindings:1",),
    down=4.0,
)
PAID_TOO_LATE = dies_at(
    "payments:relay_before_publish:1", saga="choreography", saga_timeout=0.6, down=2.0, orders=1
)
CUT = Plan("liens avec RabbitMQ coupés", cut=True, orders=2)

# A bug of the chassis that no death of a named service shows.
EVERYWHERE = {
    "publier sans confirmation": ("orders",),
    "publier sans mandatory": ("orders",),
    "rejouer un POST sans clé": ("gateway",),
    "pas de file de lettres mortes": ("notifications",),
    "perdre la trace chez RabbitMQ": ("orders",),
    "ne jamais se reconnecter": ("notifications", "orders"),
    "publier dans le désordre": ("orders",),
}

# --- the bugs ----------------------------------------------------------------------------------

CONSUMER, OUTBOX, EVENTS = "chassis/consumer.py", "chassis/outbox.py", "chassis/events.py"
SAGA, COMMANDS = "orders/saga.py", "orders/commands.py"
CHARGES, RESERVATIONS = "payments/charges.py", "inventory/reservations.py"

HANDLE = """        with self.database.transaction() as session:
            first = self.inbox.first_time(session, self.queue, event.id)
            if first:
                self.handler(session, event)
            crash_point("consumer_before_commit")
"""
PUBLISH_THEN_MARK = """            crash_point("relay_before_publish")
            if self._publish(channel, event):
                crash_point("relay_after_publish")
                self._change(event, published_at=time.time())
"""

MUTANTS = (
    Mutant(
        "acquitter avant le travail",
        ("I7",),
        (dies_at("notifications:consumer_before_commit:1"),),
        (
            (
                CONSUMER,
                "            outcome, error = attempt(",
                "            channel.basic_ack(method.delivery_tag)\n"
                "            outcome, error = attempt(",
            ),
            (
                CONSUMER,
                "                channel.basic_ack(method.delivery_tag)\n        metrics",
                "        metrics",
            ),
        ),
    ),
    Mutant(
        "pas de boîte de réception",
        ("I7",),
        (dies_at("notifications:consumer_before_ack:1"),),
        ((CONSUMER, "            if first:\n", "            if first or True:\n"),),
    ),
    Mutant(
        "noter reçu dans une autre transaction",
        ("I7",),
        (dies_at("notifications:consumer_before_commit:1"),),
        (
            (
                CONSUMER,
                HANDLE,
                HANDLE.replace(
                    "            if first:",
                    "        with self.database.transaction() as session:\n            if first:",
                ),
            ),
        ),
    ),
    Mutant(
        "faire, puis noter reçu",
        ("I7",),
        (dies_at("notifications:consumer_before_commit:1"),),
        (
            (
                CONSUMER,
                HANDLE,
                """        with self.database.transaction() as session:
            first = session.get(Received, (self.queue, event.id)) is None
            if first:
                self.handler(session, event)
        crash_point("consumer_before_commit")
        with self.database.transaction() as session:
            self.inbox.first_time(session, self.queue, event.id)
""",
            ),
            (
                CONSUMER,
                "from services.chassis.faults import crash_point\n",
                "from services.chassis.faults import crash_point\n"
                "from services.chassis.inbox import Received\n",
            ),
        ),
    ),
    Mutant(
        "marquer publié avant de publier",
        ("I7",),
        (dies_at("orders:relay_before_publish:2"),),
        (
            (
                OUTBOX,
                PUBLISH_THEN_MARK,
                """            self._change(event, published_at=time.time())
            crash_point("relay_before_publish")
            if self._publish(channel, event):
                crash_point("relay_after_publish")
""",
            ),
        ),
    ),
    Mutant(
        "publier sans confirmation",
        ("I7",),
        (NOBODY_LISTENS,),
        ((EVENTS, "            channel.confirm_delivery()\n", ""),),
    ),
    Mutant(
        "publier sans mandatory",
        ("I7",),
        (NOBODY_LISTENS,),
        (("chassis/amqp.py", "properties, mandatory)", "properties, False)"),),
    ),
    Mutant(
        "l’événement dans une seconde transaction",
        ("I7", "I9"),
        (dies_at("orders:after_create_commit:1"),),
        (
            (
                "orders/placing.py",
                '            events.record(session, "order.created", order_id, data, '
                "mandatory=flow.needs_hearing)\n",
                "",
            ),
            (
                "orders/placing.py",
                '    crash_point("after_create_commit")\n',
                '    crash_point("after_create_commit")\n'
                "    if agreed == order_id:\n"
                "        with database.transaction() as session:\n"
                '            events.record(session, "order.created", order_id, data, '
                "mandatory=flow.needs_hearing)\n",
            ),
        ),
    ),
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
                "    tell(session, events, outcome, payment, mandatory=choreographed())\n",
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
        "garder l’argent d’une commande annulée",
        ("I5",),
        (PAID_TOO_LATE,),
        (
            (
                "payments/choreography.py",
                "    charges.refund(session, events, order_id)\n    forget(",
                "    forget(",
            ),
        ),
    ),
    Mutant(
        "journal écrit après l’envoi",
        ("I5",),
        (dies_at("orders:after_charge:1", down=1.0, saga_timeout=0.6, orders=1),),
        (
            (
                SAGA,
                '            log.write(command, "started")\n',
                "            pass\n",
            ),
            (
                SAGA,
                "            log.write(command, outcome, detail)\n",
                '            log.write(command, "started")\n'
                "            log.write(command, outcome, detail)\n",
            ),
        ),
    ),
    Mutant(
        "pas de reprise des sagas",
        ("I4",),
        # Away for longer than orders waits: what is left of the saga is for the recovery.
        (dies_at("payments:before_charge_commit:1", down=6.0),),
        (("orders/recovery.py", "    app.every(PERIOD, lambda: recover(flow))\n", ""),),
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
        "dire confirmé avant de le savoir",
        ("I1",),
        (REFUSED_LATE,),
        (("orders/lifecycle.py", '"PENDING": 202', '"PENDING": 201'),),
    ),
    Mutant(
        "la panne d’un autre devient la nôtre",
        ("I12",),
        (PAYMENTS_LATE,),
        (
            (
                SAGA,
                "            lease.rest(order_id, fence)\n",
                "            lease.rest(order_id, fence)\n            raise\n",
            ),
        ),
    ),
    Mutant(
        "un secret dans un événement",
        ("I11",),
        (CALM,),
        (
            (
                "orders/lifecycle.py",
                '        "items": order.items,\n',
                '        "items": order.items,\n        "card": order.card,\n',
            ),
        ),
    ),
    Mutant(
        "pas de file de lettres mortes",
        ("I8",),
        (CALM,),
        (
            (
                "chassis/amqp.py",
                '        "x-dead-letter-exchange": DEAD_LETTERS,\n'
                '        "x-dead-letter-routing-key": queue,\n',
                "",
            ),
            ("chassis/amqp.py", '        "x-dead-letter-strategy": "at-least-once",\n', ""),
        ),
    ),
    Mutant(
        "perdre la trace chez RabbitMQ",
        ("I10",),
        (CALM,),
        (("chassis/amqp.py", "headers=telemetry.inject({})", "headers={}"),),
    ),
    Mutant(
        "publier dans le désordre",
        ("I9",),
        (NOBODY_RESERVES,),
        (
            (OUTBOX, "                held_back.add(event.key)\n", ""),
            (OUTBOX, "Stored.key.not_in(waiting)", "Stored.not_before <= time.time()"),
        ),
    ),
    Mutant(
        "s’abonner au début d’abord",
        ("I6", "I7"),
        (HALF_BOUND,),
        (("chassis/amqp.py", "in reversed(routing_keys):", "in routing_keys:"),),
    ),
    Mutant(
        "ne jamais se reconnecter",
        ("I13",),
        (replace(CUT, recovery_limit=15.0),),
        (
            (
                EVENTS,
                "    while not lifecycle.stopping.is_set():\n        _, error",
                "    if True:\n        _, error",
            ),
        ),
    ),
)
