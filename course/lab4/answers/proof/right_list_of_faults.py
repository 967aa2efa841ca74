import json


def is_well_sent(send, channel):
    file = channel.queue_declare(queue="", exclusive=True).method.queue
    channel.queue_bind(file, "shop.events", "return.requested")
    fautes = []
    demandes = [
        {"order_id": "alice-1", "sku": "MUG", "quantity": 4, "amount_cents": 3960},
        {"order_id": "bob-7", "sku": "LAMP", "quantity": 2, "amount_cents": 7980},
    ]
    noms = [send(dict(demande)) for demande in demandes]
    recus = []
    while True:
        methode, enveloppe, corps = channel.basic_get(file, auto_ack=True)
        if methode is None:
            break
        recus.append((enveloppe, corps))
    if len(recus) != 2:
        fautes.append(f"{len(recus)} messages")
    for nom, demande, (enveloppe, corps) in zip(noms, demandes, recus):
        try:
            evenement = json.loads(corps)
        except ValueError:
            fautes.append("pas du JSON")
            continue
        for champ, valeur in {**demande, "return_id": nom, "type": "RETURN_REQUESTED"}.items():
            if evenement.get(champ) != valeur or type(evenement.get(champ)) is not type(valeur):
                fautes.append(champ)
        if enveloppe.delivery_mode != 2:
            fautes.append("pas persistant")
        if enveloppe.message_id != nom:
            fautes.append("mal nommé")
    return not fautes
