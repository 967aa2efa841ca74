"""Reservations: stock set aside for an order, then sold, or given back.

Every operation may be repeated: the same order, asked again, gets the same answer and moves
nothing more. A refusal is remembered too, so that a copy of the request, late on the network,
sets nothing aside for an order already rejected. A release that comes before its reservation
leaves a tombstone that refuses it (Helland, "Life beyond Distributed Transactions").

Each function works in the caller's transaction.
"""

from flask import abort
from sqlalchemy import select, update

from services.chassis import settings
from services.inventory.models import Reservation, Stock, database


def reserve(session, events, order_id, quantities):
    """Set all of `quantities` ({sku: units}) aside, or refuse and take none.

    Returns the reservation and whether it is new. Its state says what came of it: HELD (CONFIRMED
    since), REFUSED for the reason in `detail`, or RELEASED, perhaps before it was ever asked for.
    Aborts with 422 when the same order asks for something else.
    """
    reservation = database.claim(session, Reservation, order_id=order_id)
    if reservation.state != "NEW":
        if reservation.state != "RELEASED" and reservation.quantities != quantities:
            abort(422, "Cette commande a déjà une réservation, pour d’autres quantités.")
        return reservation, False

    reservation.quantities = quantities
    reservation.detail = shortage(session, quantities)
    reservation.state = "REFUSED" if reservation.detail else "HELD"
    if reservation.state == "HELD":
        move(session, quantities, Stock.available, Stock.reserved)
        tell(session, events, "stock.reserved", reservation, mandatory=choreographed())
    return reservation, True


def check(reservation):
    """Abort with 409 if it was refused, with 410 if it was released."""
    if reservation.state == "REFUSED":
        abort(409, reservation.detail)
    if reservation.state == "RELEASED":
        abort(410, "Cette commande est annulée\u00a0: plus rien ne peut lui être réservé.")


def confirm(session, order_id):
    """What was set aside is sold. Aborts with 404 or 409 when nothing is set aside."""
    reservation = session.get(Reservation, order_id, with_for_update=True)
    if reservation is None:
        abort(404, "Cette commande n’a rien réservé.")
    if reservation.state not in {"HELD", "CONFIRMED"}:
        abort(409, "Cette commande n’a plus rien de réservé\u00a0: rien à confirmer.")
    if reservation.state == "HELD":
        move(session, reservation.quantities, Stock.reserved, Stock.sold)
        reservation.state = "CONFIRMED"
    return reservation


def release(session, events, order_id):
    """Give back what was set aside, if anything was. Aborts with 409 once it is sold."""
    reservation = database.claim(session, Reservation, order_id=order_id)
    if reservation.state == "CONFIRMED":
        abort(409, "Ces articles sont vendus\u00a0: une réservation confirmée ne se libère plus.")
    if reservation.state == "HELD":
        move(session, reservation.quantities, Stock.reserved, Stock.available)
        tell(session, events, "stock.released", reservation, mandatory=choreographed())
    reservation.state = "RELEASED"
    return reservation


def shortage(session, quantities):
    """Why these units cannot be had, in French, or "" when they can; their rows stay locked."""
    # In the order of the SKUs, so that two orders for the same articles never block each other.
    rows = select(Stock).where(Stock.sku.in_(quantities)).order_by(Stock.sku).with_for_update()
    left = {stock.sku: stock.available for stock in session.scalars(rows)}
    for sku, wanted in quantities.items():
        if left.get(sku, 0) < wanted:
            return f"Il ne reste que {left[sku]} {sku}." if left.get(sku) else f"{sku} est épuisé."
    return ""


def move(session, quantities, source, target):
    """Move units from one column of the stock to another: none appears, none is lost."""
    for sku, units in sorted(quantities.items()):
        moved = {source: source - units, target: target + units}
        session.execute(update(Stock).where(Stock.sku == sku).values(moved))


def choreographed():
    """Whether the shop is choreographed, and then somebody must hear what happened here."""
    return settings.setting("SAGA", "orchestration") == "choreography"


def tell(session, events, routing_key, reservation, mandatory=False):
    data = {"order_id": reservation.order_id, "items": reservation.as_dict()["items"]}
    events.record(session, routing_key, reservation.order_id, data, mandatory=mandatory)
