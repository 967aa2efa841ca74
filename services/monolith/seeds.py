"""What an empty monolith starts with: a key, three accounts, five products and their stock."""

import logging

from services.chassis import settings
from services.monolith.access import hasher, make_key
from services.monolith.tables import Account, Product, Profile, SigningKey, Stock, database

log = logging.getLogger(__name__)
CUSTOMER = "orders:read orders:write users:read users:write notifications:read"
ADMIN = f"{CUSTOMER} products:write users:admin"
PEOPLE = [
    ("alice", "Alice Martin", CUSTOMER),
    ("bob", "Bob Durand", CUSTOMER),
    ("admin", "Camille Leroy", ADMIN),
]
PRODUCTS = [
    ("LAMP", "Lampe de bureau", 3990, 100),
    ("CHAIR", "Chaise", 12900, 100),
    ("DESK", "Bureau", 24900, 100),
    ("MUG", "Tasse", 990, 100),
    ("BOOK", "Livre", 2450, 5),
]


def plant():
    """Fill an empty database; give the accounts this run's password."""
    with database.transaction() as session:
        if session.get(SigningKey, 1) is None:
            session.add(make_key())
            session.add_all(
                Profile(id=username, name=name, email=f"{username}@example.org")
                for username, name, _ in PEOPLE
            )
            for sku, name, price_cents, available in PRODUCTS:
                session.add(Product(sku=sku, name=name, price_cents=price_cents))
                session.flush()
                session.add(Stock(sku=sku, available=available))
        if password := settings.demo_password():
            for username, _, scope in PEOPLE:
                password_hash = hasher.hash(password)
                session.merge(Account(username=username, password_hash=password_hash, scope=scope))
        else:
            log.warning("DEMO_PASSWORD manque : aucun compte n’est créé.")
