"""Inventory owns the stock: nobody else may read or change it.

    GET    /stock                                 units available, reserved and sold of each article
    GET    /stock/<sku>                           the same of one
    PUT    /stock/<sku>                           set what is available (a delivery, a count)
    PUT    /reservations/<order_id>               set articles aside: all of them, or none and 409
    POST   /reservations/<order_id>/confirmation  they are sold
    DELETE /reservations/<order_id>               give them back, even before they were asked for

The gateway opens GET /stock only; the rest is for the shop's own processes, orders above all
(credential.py), and may be repeated without harm.
"""

from flask import abort
from sqlalchemy import select

from services.chassis import Problem, crash_point, create_service, lifecycle, settings
from services.chassis.credential import require_credential
from services.chassis.problems import translates
from services.inventory import choreography, reservations, schemas
from services.inventory.models import Stock, database, events, fill_the_shelves

app = create_service("inventory", openapi=True)
lifecycle.on_start(fill_the_shelves)
if settings.choreographed():
    events.consume(choreography.REACTIONS, queue="choreography", ordered=True)


@app.get("/stock", responses={200: schemas.StockList})
def list_stock():
    """L’état du stock."""
    with database.reading() as session:
        lines = session.scalars(select(Stock).order_by(Stock.sku))
        return {"stock": [stock.as_dict() for stock in lines]}


@app.get("/stock/<sku>", responses={200: schemas.StockLine})
def show_stock(path: schemas.SkuPath):
    """L’état du stock d’un article."""
    with database.reading() as session:
        stock = session.get(Stock, path.sku) or abort(404, f"{path.sku} n’est pas en magasin.")
        return stock.as_dict()


@app.put("/stock/<sku>", responses={200: schemas.StockLine})
@require_credential
def set_stock(path: schemas.SkuPath, body: schemas.Level):
    """Fixe le nombre d’unités disponibles."""
    with database.transaction() as session:
        stock = database.claim(session, Stock, sku=path.sku)
        stock.available = body.available
        return stock.as_dict()


@app.put("/reservations/<order_id>", responses={s: schemas.ReservationState for s in (200, 201)})
@require_credential
def reserve(path: schemas.OrderPath, body: schemas.Wanted):
    """Met des articles de côté."""
    with database.transaction() as session:
        reservation, is_new = reservations.reserve(session, path.order_id, body.quantities())
        crash_point("before_reserve_commit")
    crash_point("after_reserve_commit")
    if reservation.state == "REFUSED":
        abort(409, reservation.detail)
    if reservation.state == "RELEASED":
        abort(410, "Cette commande est annulée : plus rien ne peut lui être réservé.")
    return reservation.as_dict(), 201 if is_new else 200


@app.post("/reservations/<order_id>/confirmation", responses={200: schemas.ReservationState})
@require_credential
def confirm(path: schemas.OrderPath):
    """Vend ce qui était mis de côté."""
    with database.transaction() as session:
        reservation = reservations.confirm(session, path.order_id)
        crash_point("before_confirm_commit")
    crash_point("after_confirm_commit")
    return reservation.as_dict()


@app.delete("/reservations/<order_id>", responses={200: schemas.ReservationState})
@require_credential
def release(path: schemas.OrderPath):
    """Rend ce qui était mis de côté."""
    with database.transaction() as session:
        reservation = reservations.release(session, path.order_id)
        crash_point("before_release_commit")
    crash_point("after_release_commit")
    return reservation.as_dict()


@translates(reservations.ReservationConflict)
def as_problem(conflict):
    return Problem(STATUS_CODES[type(conflict)], str(conflict))


STATUS_CODES = {
    reservations.OtherQuantities: 422,
    reservations.NeverReserved: 404,
    reservations.NothingHeld: 409,
    reservations.AlreadySold: 409,
}
