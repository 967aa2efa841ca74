"""Orders owns the orders, and sees each of them through the other services.

    POST /orders            place an order: 201; 402 or 409 when payments or inventory refuse;
                            202 when a service is out: the order is finished without the client
    GET  /orders            mine, the newest first
    GET  /orders/<id>       one of mine
    GET  /orders/<id>/saga  what was asked of whom for it, and what they said

POST takes an Idempotency-Key. While products is out it says 503 and makes no order (pricing.py).
"""

from sqlalchemy import select

from services.chassis import Problem, crash_point, create_service, deadline, settings
from services.chassis.events import Events
from services.chassis.identity import identity, require_scope
from services.orders import lease, lifecycle, placing, recovery, schemas
from services.orders.choreography import Choreography
from services.orders.idempotency import Attempt
from services.orders.log import Log
from services.orders.models import Order, database
from services.orders.saga import Orchestration

FLOWS = {"orchestration": Orchestration, "choreography": Choreography}
PATIENCE = 5  # seconds: how long a client that set no deadline waits for the saga

app = create_service("orders", openapi=True)
events = Events(app, database)
flow = FLOWS[settings.setting("SAGA", "orchestration")](events)
recovery.install(app, flow)


@app.post("/orders", responses={201: schemas.OrderState, 202: schemas.OrderState})
@require_scope("orders:write")
def place_order(header: schemas.IdempotencyHeader, body: schemas.OrderRequest):
    """Passe une commande."""
    attempt = Attempt(identity().sub, header.idempotency_key, body)
    order_id = attempt.known_order() or placing.create(events, flow, attempt, body)
    # A little less than the client's own patience, so that it hears our answer.
    with deadline.within(0.9 * deadline.remaining(PATIENCE)):
        flow.run(order_id)
        lease.wait(order_id)
    crash_point("before_answer")
    status, order = attempt.answer(*lifecycle.outcome(order_id))
    if status >= 400:
        raise Problem(status, order["detail"], order=order)
    return order, status, {"Location": f"/orders/{order['id']}"}


@app.get("/orders", responses={200: schemas.OrderList})
@require_scope("orders:read")
def list_orders(query: schemas.Page):
    """Mes commandes, la plus récente d’abord."""
    mine = select(Order).where(Order.user_id == identity().sub)
    page = mine.order_by(Order.created_at.desc(), Order.id).limit(query.limit).offset(query.offset)
    with database.reading() as session:
        return {"orders": [order.as_dict() for order in session.scalars(page)]}


@app.get("/orders/<order_id>", responses={200: schemas.OrderState})
@require_scope("orders:read")
def show_order(path: schemas.OrderPath):
    """Une de mes commandes."""
    with database.reading() as session:
        return lifecycle.find(session, identity().sub, path.order_id).as_dict()


@app.get("/orders/<order_id>/saga", responses={200: schemas.SagaLog})
@require_scope("orders:read")
def show_saga(path: schemas.OrderPath):
    """Le journal de sa saga."""
    with database.reading() as session:
        order = lifecycle.find(session, identity().sub, path.order_id)
        entries = [entry.as_dict() for entry in Log(session, order.id).entries]
        return {"order_id": order.id, "status": order.status, "entries": entries}
