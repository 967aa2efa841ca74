"""Reservations: stock set aside for an order, then sold, or given back.

Every operation may be repeated: the same order, asked again, gets the same answer and moves
nothing more. A refusal is remembered too, so that a copy of the request, late on the network,
sets nothing aside for an order already rejected. A release that comes before its reservation
leaves a tombstone that refuses it (Helland, "Life beyond Distributed Transactions").

Each function works in the caller's transaction.
"""

from sqlalchemy import select, update

from services.chassis import settings
from services.inventory.models import Reservation, Stock, database, events


class ReservationConflict(Exception):
    """The operation contradicts what the order has reserved; the message says how, in French."""


class OtherQuantities(ReservationConflict):
    """The order has a reservation already, for other quantities."""


class NeverReserved(ReservationConflict):
    """The order has no reservation."""


class NothingHeld(ReservationConflict):
    """The order's reservation was refused or released."""


class AlreadySold(ReservationConflict):
    """The order's reservation was confirmed."""


def reserve(session, order_id, quantities):
    """Set all of `quantities` ({sku: units}) aside, or refuse and take none.

    Returns the reservation and whether it is new. Its state says what came of it: HELD (CONFIRMED
    since), REFUSED for the reason in `detail`, or RELEASED, perhaps before it was ever asked for.
    Raises OtherQuantities when the same order asks for something else.
    """
    reservation = database.claim(session, Reservation, order_id=order_id)
    if reservation.state != "NEW":
        if reservation.state != "RELEASED" and reservation.quantities != quantities:
            raise OtherQuantities("Cette commande a déjà une réservation, pour d’autres quantités.")
        return reservation, False

    reservation.quantities = quantities
    reservation.detail = shortage(session, quantities)
    reservation.state = "REFUSED" if reservation.detail else "HELD"
    if reservation.state == "HELD":
        move(session, quantities, Stock.available, Stock.reserved)
        publish(session, "stock.reserved", reservation)
    return reservation, True


def confirm(session, order_id):
    """Sell what was set aside. Raises NeverReserved or NothingHeld."""
    reservation = session.get(Reservation, order_id, with_for_update=True)
    if reservation is None:
        raise NeverReserved("Cette commande n’a rien réservé.")
    if reservation.state not in {"HELD", "CONFIRMED"}:
        raise NothingHeld("Cette commande n’a plus rien de réservé : rien à confirmer.")
    if reservation.state == "HELD":
        move(session, reservation.quantities, Stock.reserved, Stock.sold)
        reservation.state = "CONFIRMED"
    return reservation


def release(session, order_id):
    """Give back what was set aside, if anything was. Raises AlreadySold."""
    reservation = database.claim(session, Reservation, order_id=order_id)
    if reservation.state == "CONFIRMED":
        raise AlreadySold("Ces articles sont vendus : une réservation confirmée ne se libère plus.")
    if reservation.state == "HELD":
        move(session, reservation.quantities, Stock.reserved, Stock.available)
        publish(session, "stock.released", reservation)
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


def publish(session, routing_key, reservation):
    """Publish what happened; in the choreographed shop, payments must consume it."""
    payload, mandatory = reservation.payload(), settings.choreographed()
    events.record(session, routing_key, reservation.order_id, payload, mandatory=mandatory)
