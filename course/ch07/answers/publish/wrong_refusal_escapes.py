# feedback: UnroutableError
# mistake: laisse(nt) échapper l’exception d’un message sans lecteur
# catches the errors of the connection only: an unroutable event raises UnroutableError instead of giving False.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish(
                "shop.events",
                routing_key(event),
                json.dumps(event),
                pika.BasicProperties(delivery_mode=2),
                mandatory=True,
            )
    except pika.exceptions.AMQPConnectionError:
        return False
    return True
