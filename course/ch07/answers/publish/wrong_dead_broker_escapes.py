# feedback: Erreur dans votre code | kill -9 du courtier
# mistake: laisse(nt) échapper la mort du courtier
# opens the connection outside the try: with the broker dead, AMQPConnectionError comes out instead of False.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    with channel() as ch:
        ch.confirm_delivery()
        try:
            ch.basic_publish(
                "shop.events",
                routing_key(event),
                json.dumps(event),
                pika.BasicProperties(delivery_mode=2),
                mandatory=True,
            )
        except (pika.exceptions.UnroutableError, pika.exceptions.NackError):
            return False
        return True
