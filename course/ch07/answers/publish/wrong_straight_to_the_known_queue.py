# feedback: rien n’est arrivé | shop.events
# mistake: publie(nt) ailleurs que dans shop.events
# publishes through the default exchange into the one queue it knows: True, but the other readers of shop.events receive nothing.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish(
                exchange="",
                routing_key="notifications.orders",
                body=json.dumps(event),
                properties=pika.BasicProperties(delivery_mode=2, type=routing_key(event)),
                mandatory=True,
            )
        return True
    except pika.exceptions.AMQPError:
        return False
