import json


def messages(channel, file):
    for methode, enveloppe, corps in channel.consume(file, auto_ack=True, inactivity_timeout=0.3):
        if methode is None:
            break
        yield enveloppe, json.loads(corps)
    channel.cancel()


def is_well_sent(send, channel):
    file = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(file, "shop.events", "return.requested")
    attendus = {}
    for n, sku in enumerate(("A", "B"), 5):
        demande = {"order_id": f"o{n}", "sku": sku, "quantity": n, "amount_cents": n * 99}
        attendus[send(demande)] = demande
    recus = list(messages(channel, file))
    if len(recus) != len(attendus) or len(attendus) != 2:
        return False
    for enveloppe, evenement in recus:
        demande = attendus.get(enveloppe.message_id)
        if demande is None or enveloppe.delivery_mode != 2:
            return False
        voulu = {**demande, "type": "RETURN_REQUESTED", "return_id": enveloppe.message_id}
        if any(evenement.get(champ) != valeur for champ, valeur in voulu.items()):
            return False
    return True
