import json
import uuid


def controles(demande, nom, enveloppe, corps):
    evenement = json.loads(corps)
    yield evenement["type"] == "RETURN_REQUESTED"
    yield evenement["return_id"] == nom == enveloppe.message_id
    yield enveloppe.delivery_mode == 2
    for champ in ("order_id", "sku", "quantity", "amount_cents"):
        yield evenement[champ] == demande[champ]


def is_well_sent(send, channel):
    file = f"test-{uuid.uuid4()}"
    channel.queue_declare(file, auto_delete=True, exclusive=True)
    channel.queue_bind(file, "shop.events", "return.requested")
    for prix in (100, 250):
        demande = {"order_id": str(uuid.uuid4()), "sku": f"S{prix}", "quantity": 3, "amount_cents": 3 * prix}
        nom = send(demande)
        _, enveloppe, corps = channel.basic_get(file, True)
        if corps is None or not all(controles(demande, nom, enveloppe, corps)):
            return False
        if channel.queue_declare(file, passive=True).method.message_count:
            return False
    return True
