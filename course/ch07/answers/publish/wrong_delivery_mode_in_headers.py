# feedback: perdus | sur le disque
# mistake: ne demande(nt) pas que le message soit gardé sur le disque
# writes delivery_mode among the headers, where nobody reads it: the message is transient and a crash of the broker loses an event declared True.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    properties = pika.BasicProperties(
        content_type="application/json",
        headers={"delivery_mode": 2},
    )
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), properties, mandatory=True)
    except pika.exceptions.AMQPError:
        return False
    return True
