# feedback: Aucune file n’attend | répondu True
# mistake: n’attend(ent) pas la confirmation du courtier
# mandatory without confirm_delivery: pika does not wait for the return, so an unroutable event gives True.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        with channel() as ch:
            ch.basic_publish(
                "shop.events",
                routing_key(event),
                json.dumps(event),
                pika.BasicProperties(delivery_mode=2),
                mandatory=True,
            )
        return True
    except pika.exceptions.AMQPError:
        return False
