"""Orders: one order is one transaction. All of it happens, or none of it, whatever crashes.

No saga, no outbox, no message: one local transaction replaces them. The modules called are seen
in the trace as internal spans: no network ever shows them.
"""

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

from flask import abort
from sqlalchemy import select

from services.chassis import Problem, crash_point
from services.chassis.identity import identity, require_scope
from services.chassis.telemetry import span
from services.monolith import catalogue, notifications, payments, stock
from services.monolith.application import app
from services.monolith.refusal import Refusal
from services.monolith.schemas import (
    IdempotencyHeader,
    IdPath,
    OrderList,
    OrderRequest,
    OrderState,
    Page,
    Summary,
)
from services.monolith.tables import IdempotencyKey, Order, database

STATUS = {None: 201, "stock": 409, "payment": 402}


@app.post("/orders", responses={201: OrderState})
@require_scope("orders:write")
def place_order(header: IdempotencyHeader, body: OrderRequest):
    """Passe une commande."""
    with database.transaction() as session:
        order = buy(session, identity().sub, header.key, body)
        crash_point("before_commit")
    crash_point("after_commit")
    if order.reason:
        raise Problem(STATUS[order.reason], order.detail, order=order.as_dict())
    return order.as_dict(), 201, {"Location": f"/orders/{order.id}"}


def buy(session, user_id, key, body):
    """The order, CONFIRMED or REJECTED; the same one again for a key that has already served."""
    claim = key and database.claim(session, IdempotencyKey, user_id=user_id, key=key)
    if claim and claim.order_id:
        return same_again(session, claim, body)

    with span("catalogue.price"):
        items = catalogue.price(session, body.items)
    order = record(session, user_id, items)
    try:
        with session.begin_nested():
            with span("stock.sell"):
                stock.sell(session, items)
            with span("payments.charge"):
                payments.charge(session, order, body.card)
    except Refusal as refusal:
        # The database has rolled back to the savepoint: nothing is left to compensate.
        order.status, order.reason, order.detail = "REJECTED", refusal.reason, refusal.detail
    with span("notifications.notify"):
        notifications.notify(session, order)
    if claim:
        claim.order_id, claim.fingerprint = order.id, fingerprint(body)
    return order


def record(session, user_id, items):
    order = Order(
        id=str(uuid4()),
        user_id=user_id,
        status="CONFIRMED",
        items=items,
        total_cents=sum(item["price_cents"] * item["quantity"] for item in items),
        created_at=datetime.now(UTC).isoformat(),
    )
    session.add(order)
    session.flush()
    return order


def same_again(session, claim, body):
    if claim.fingerprint != fingerprint(body):
        abort(422, "Cette clé d’idempotence a déjà servi pour une autre commande.")
    return session.get(Order, claim.order_id)


def fingerprint(body):
    return hashlib.sha256(body.model_dump_json().encode()).hexdigest()


@app.get("/orders", responses={200: OrderList})
@require_scope("orders:read")
def list_orders(query: Page):
    """Mes commandes, la plus récente d’abord."""
    mine = select(Order).where(Order.user_id == identity().sub)
    page = mine.order_by(Order.created_at.desc(), Order.id).limit(query.limit).offset(query.offset)
    with database.reading() as session:
        return {"orders": [order.as_dict() for order in session.scalars(page)]}


@app.get("/orders/<id>", responses={200: OrderState})
@require_scope("orders:read")
def show_order(path: IdPath):
    """Une de mes commandes."""
    with database.reading() as session:
        return find(session, path.id).as_dict()


@app.get("/orders/<id>/summary", responses={200: Summary})
@require_scope("orders:read")
def show_summary(path: IdPath):
    """Une commande, son paiement et ses messages : rien ne peut y manquer."""
    with database.reading() as session:
        order = find(session, path.id)
        return {
            "order": order.as_dict(),
            "charge": payments.of_order(session, order.id),
            "notifications": notifications.of_recipient(session, order.user_id, order.id),
            "missing": [],
        }


def find(session, order_id):
    """An order of the caller's; another's is as unknown as one that never was."""
    order = session.get(Order, order_id)
    if order is None or order.user_id != identity().sub:
        abort(404, "Vous n’avez pas de commande de ce numéro.")
    return order
