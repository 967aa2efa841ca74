# feedback: L’événement est bien arrivé | répondu False
# mistake: croi(t|ent) ce que rend basic_publish
# trusts what basic_publish returns, as in pika 0.x: it returns None, so a safe event gives False.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        with channel() as ch:
            ch.confirm_delivery()
            return bool(
                ch.basic_publish(
                    "shop.events",
                    routing_key(event),
                    json.dumps(event),
                    pika.BasicProperties(delivery_mode=2),
                    mandatory=True,
                )
            )
    except pika.exceptions.AMQPError:
        return False
