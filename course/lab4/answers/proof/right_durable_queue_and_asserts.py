import json

FILE = "essai.retours"


def is_well_sent(send, channel):
    channel.queue_declare(FILE, durable=True)
    channel.queue_purge(FILE)
    channel.queue_bind(FILE, "shop.events", "return.requested")
    channel.queue_bind(FILE, "shop.events", "#")
    for numero in range(1, 4):
        demande = dict(order_id=f"c{numero}", sku="X" * numero, quantity=1 + numero)
        demande["amount_cents"] = 10 * numero + 1
        nom = send(demande)
        methode, proprietes, corps = channel.basic_get(FILE)
        assert corps is not None
        assert methode.routing_key == "return.requested"
        channel.basic_ack(methode.delivery_tag)
        assert channel.basic_get(FILE)[0] is None
        recu = json.loads(corps)
        assert {k: recu[k] for k in demande} == demande
        assert (recu["type"], recu["return_id"]) == ("RETURN_REQUESTED", nom)
        assert (proprietes.message_id, int(proprietes.delivery_mode)) == (nom, 2)
