"""Sagas for the tree of failures: the shop's own, and eight with the mistakes people make.

Each is what `explore` is given; `served` are the real participants that have the planted fault
of the contract, run in the place of the shop's.
"""

from dataclasses import dataclass, field, replace

from services.orders import saga
from workbook.failures.contract import AVAILABLE, PARTICIPANTS, SOLD, changed

TIME_IS_UP = ("saga", "timed out")


@dataclass(frozen=True)
class Planted:
    """A saga and its rules, and the invariants that its mistake breaks."""

    name: str
    breaks: tuple = ()
    next_command: object = saga.next_command
    participants: tuple = PARTICIPANTS
    rules: dict = field(default_factory=dict)
    served: dict = field(default_factory=dict)  # service: its source, with the fault


def undoes_the_last_step_only(history):
    if not saga.must_undo(history):
        return saga.next_command(history)
    sent = [name for name, outcome in history if outcome == "started"]
    kept = [n for n in sent if n in saga.UNDONE_BY and (n, "refused") not in history]
    undo = saga.UNDONE_BY[kept[-1]] if kept else None
    return undo if undo and (undo, "done") not in history else None


def forgets_the_time_out(history):
    return saga.next_command([entry for entry in history if entry != TIME_IS_UP])


def insists(history):
    """It asks again for what was refused, for ever."""
    if ("charge", "refused") in history:
        return "charge"
    return saga.next_command(history)


def new_key(order, command, attempt):
    """The same as long as nothing fails: it looks like idempotency."""
    return f"{order}-{attempt}" if command == "charge" and attempt > 1 else order


def without_lock():
    changes = {
        "reserve": {"moves": {}},
        "confirm": {"moves": {AVAILABLE: -1, SOLD: 1}},
        "release": {"moves": {}},
    }
    return tuple(replace(c, **changes.get(c.name, {})) for c in PARTICIPANTS)


NO_TOMBSTONE = """
from services.payments import charges
from services.payments.app import app
from services.payments.models import Payment

refund_what_is_there = charges.refund


def refund(session, order_id):
    if session.get(Payment, order_id) is None:
        return Payment(order_id=order_id, state="VOID", amount_cents=0)
    return refund_what_is_there(session, order_id)


charges.refund = refund
"""

REFUNDS_TWICE = """
from services.payments import charges
from services.payments.app import app
from services.payments.models import Movement, Payment

refund_once = charges.refund


def refund(session, order_id):
    known = session.get(Payment, order_id)
    again = known is not None and known.state == "REFUNDED"
    payment = refund_once(session, order_id)
    if again:
        given_back = payment.amount_cents
        session.add(Movement(order_id=order_id, kind="refund", amount_cents=given_back))
    return payment


charges.refund = refund
"""

NO_LOCK = '''
from sqlalchemy import update

from services.inventory import reservations
from services.inventory.app import app
from services.inventory.models import Stock


def move(session, quantities, source, target):
    """Nothing is set aside; what is sold is taken from the shelf, as far as it goes."""
    if target is not Stock.sold:
        return
    for sku, units in quantities.items():
        stock = session.get(Stock, sku)
        session.execute(
            update(Stock)
            .where(Stock.sku == sku)
            .values(available=max(0, stock.available - units), sold=Stock.sold + units)
        )


reservations.move = move
'''

OURS = Planted("la nôtre")
PLANTED = (
    Planted("une clé neuve à chaque essai", ("I5",), rules={"key": new_key}),
    Planted("ne compense que la dernière étape", ("I6",), undoes_the_last_step_only),
    Planted(
        "pas de pierre tombale",
        ("I5",),
        participants=changed("refund", tombstone=False),
        served={"payments": NO_TOMBSTONE},
    ),
    Planted(
        "pas de verrou sémantique",
        ("I6",),
        participants=without_lock(),
        served={"inventory": NO_LOCK},
    ),
    Planted("note après l’appel", ("I6",), rules={"log_first": False}),
    Planted("oublie le délai", ("I5", "I6"), forgets_the_time_out),
    Planted(
        "rembourse deux fois",
        ("I5",),
        participants=changed("refund", remembers=False),
        served={"payments": REFUNDS_TWICE},
    ),
    Planted("ne finit jamais", ("I4",), insists),
)
