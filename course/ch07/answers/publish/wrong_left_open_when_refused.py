# feedback: connexions de plus restent ouvertes | la réponse est False
# mistake: laisse(nt) une connexion ouverte quand l’événement est refusé
# closes the connection on the happy path only: each refused event leaves one open.
last_errors = []


def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        connection = pika.BlockingConnection(pika.URLParameters(shop.broker.url))
        ch = connection.channel()
        ch.confirm_delivery()
        ch.basic_publish(
            "shop.events", routing_key(event), json.dumps(event), pika.BasicProperties(delivery_mode=2), mandatory=True
        )
        connection.close()
        return True
    except pika.exceptions.AMQPError as error:
        last_errors.append(error)
        return False
