"""Payments owns the money: what each order was charged, and what it got back.

    PUT /charges/<order_id>  charge the order, once; 402 when the card is refused
    GET /charges/<order_id>  what came of it
    PUT /refunds/<order_id>  give the money back, once; a charge still to come is refused
    PUT /intents/<order_id>  store the card of an order until an event charges it (choreography)

The gateway opens none of these: they are for the shop's own processes, orders above all
(credential.py), and may be repeated without harm.
"""

from flask import abort

from services.chassis import Problem, crash_point, create_service, settings
from services.chassis.credential import require_credential
from services.chassis.problems import translates
from services.payments import charges, choreography, schemas
from services.payments.models import Payment, database, events

app = create_service("payments", openapi=True)
if settings.choreographed():
    events.consume(choreography.REACTIONS, queue="choreography", ordered=True)
    choreography.keep_deleting_old_cards()


@app.put("/charges/<order_id>", responses={s: schemas.PaymentState for s in (200, 201)})
@require_credential
def charge(path: schemas.OrderPath, body: schemas.ChargeRequest):
    """Débite une commande."""
    with database.transaction() as session:
        payment, is_new = charges.charge(session, path.order_id, body.amount_cents, body.card)
        crash_point("before_charge_commit")
    crash_point("after_charge_commit")
    if payment.state == "DECLINED":
        raise Problem(402, "La banque a refusé la carte : rien n’a été débité.")
    if payment.state != "CHARGED":
        abort(410, "Cette commande est annulée : elle ne peut plus être débitée.")
    return payment.as_dict(), 201 if is_new else 200


@app.get("/charges/<order_id>", responses={200: schemas.PaymentState})
@require_credential
def show_charge(path: schemas.OrderPath):
    """Le paiement d’une commande."""
    with database.reading() as session:
        payment = session.get(Payment, path.order_id)
        return (payment or abort(404, "Cette commande n’a pas de paiement.")).as_dict()


@app.put("/refunds/<order_id>", responses={200: schemas.PaymentState})
@require_credential
def refund(path: schemas.OrderPath):
    """Rembourse une commande."""
    with database.transaction() as session:
        payment = charges.refund(session, path.order_id)
        crash_point("before_refund_commit")
    crash_point("after_refund_commit")
    return payment.as_dict()


@app.put("/intents/<order_id>", responses={204: None})
@require_credential
def store_card(path: schemas.OrderPath, body: schemas.ChargeRequest):
    """Dépose une carte pour un débit à venir."""
    with database.transaction() as session:
        choreography.store_card(session, path.order_id, body.amount_cents, body.card)
    return "", 204


@translates(charges.OtherAmount)
def as_problem(conflict):
    return Problem(422, str(conflict))
