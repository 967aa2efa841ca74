"""Schedules: the plans by which planted bugs are seen, each certain to show its own."""

from dataclasses import replace

from ..plans import FOR_GOOD, Plan
from ..shop import USERS


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
RUSH = Plan("huit clients, cinq livres", late=("payments",), orders=8, basket=(("BOOK", 1),))
NO_KEY = Plan(
    "sans clé, par la gateway, mort à orders:after_create_commit:1",
    ("orders:after_create_commit:1",),
    services=("gateway", "orders", "inventory", "payments", "notifications"),
    twins=("orders",),
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
SEVEN_DEATHS = replace(
    dies_at(*("notifications:consumer_before_commit:1",) * 7, orders=3),
    name="mort sept fois à notifications:consumer_before_commit:1",
)
SEVEN_DEATHS_EACH = replace(
    dies_at(
        *("inventory:consumer_before_commit:1",) * 7,
        *("payments:consumer_before_commit:1",) * 7,
        saga="choreography",
        orders=3,
    ),
    name="mort sept fois à inventory et à payments, chorégraphie",
)
SLEEPER = Plan(
    "orders s’endort à after_charge, sa jumelle finit",
    ("orders:after_charge:1:sleep",),
    twins=("orders",),
    nap=60.0,  # at most: it is woken when its twin has done all
    orders=1,
)
SLEEPING_RELAY = replace(
    SLEEPER,
    name="le relais s’endort avant de publier, sa jumelle publie",
    faults=("orders:relay_before_publish:1:sleep",),
)
BEREAVED = replace(
    dies_at("orders:after_charge:1", twins=("orders",), down=FOR_GOOD, orders=1),
    name="orders ne revient jamais, sa jumelle finit",
)
NO_RELAY = replace(
    BEREAVED,
    name="le relais ne revient jamais, sa jumelle publie",
    faults=("orders:relay_before_publish:1",),
)
CHARGED_LATE = Plan(
    "payments s’endort, le débit fait",
    ("payments:after_charge_commit:1:sleep",),
    orders=1,
)
SOLD_LATE = Plan(
    "inventory s’endort, la vente faite, au-delà du délai de la commande",
    ("inventory:after_confirm_commit:1:sleep",),
    saga_timeout=2.0,
    nap=8.0,
    orders=1,
)
TWO_USERS = Plan("deux clients, les mêmes clés", users=USERS, orders=2)
RIVALS = Plan("la même clé huit fois à la fois", rivals=8, orders=2)
BASKET = Plan("deux articles", basket=(("MUG", 2), ("LAMP", 1)), orders=2)
HALF_A_BASKET = Plan("un article de deux manque", basket=(("MUG", 1), ("BOOK", 6)), orders=2)
UNSOLD = dies_at("inventory:before_confirm_commit:1", down=2.0)
IMPOSTOR = replace(UNSOLD, name="à l’adresse d’inventory mort, un autre répond 404", impostor=True)
QUEUE_FULL = Plan("file pleine, notifications mort", full=True, down=4.0, orders=4)
TWO_CONSUMERS = Plan("deux inventory, chorégraphie", saga="choreography", twins=("inventory",))
