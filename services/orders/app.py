"""Orders owns the orders, and has each of them reserved and paid by the other services.

    POST /orders            place an order: 201; 402 or 409 when payments or inventory refuse;
                            202 when a service is out: the order is finished without the client
    GET  /orders            mine, the newest first
    GET  /orders/<id>       one of mine
    GET  /orders/<id>/saga  its saga's log: what was asked of each participant, and its answer

POST takes an Idempotency-Key. While products is out it answers 503, without an order (pricing.py).
"""

from flask import abort
from sqlalchemy import select

from services.chassis import Problem, crash_point, create_service, deadline, settings
from services.chassis.identity import identity, require_scope
from services.orders import placing, recovery, runners, schemas
from services.orders.answers import answer
from services.orders.choreography import Choreography
from services.orders.idempotency import KeyedRequest
from services.orders.models import Order, database
from services.orders.saga import Orchestration
from services.orders.saga_log import SagaLog

PATIENCE = 5  # seconds: how long a client that set no deadline waits for the saga

app = create_service("orders", openapi=True)
flow = Choreography() if settings.choreographed() else Orchestration()
recovery.schedule(flow)


@app.post("/orders", responses={201: schemas.OrderState, 202: schemas.OrderState})
@require_scope("orders:write")
def place_order(header: schemas.IdempotencyHeader, body: schemas.OrderRequest):
    """Passe une commande."""
    request = KeyedRequest(identity().sub, header.idempotency_key, body)
    order_id = request.known_order() or placing.create(flow, request, body)
    # A little less than the client's own time-out, so that our answer arrives in time.
    with deadline.within(0.9 * deadline.remaining(PATIENCE)):
        flow.run(order_id)
        runners.wait(order_id)
    crash_point("before_answer")
    status, order = request.kept_answer(*answer(order_id))
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
        return find(session, path.order_id).as_dict()


@app.get("/orders/<order_id>/saga", responses={200: schemas.SagaLog})
@require_scope("orders:read")
def show_saga(path: schemas.OrderPath):
    """Le journal de sa saga."""
    with database.reading() as session:
        order = find(session, path.order_id)
        entries = [entry.as_dict() for entry in SagaLog(session, order.id).entries]
        return {"order_id": order.id, "status": order.status, "entries": entries}


def find(session, order_id):
    """An order of the caller's; another's is as unknown as one that never was (404)."""
    order = session.get(Order, order_id)
    if order is None or order.user_id != identity().sub:
        abort(404, "Vous n’avez pas de commande de ce numéro.")
    return order
