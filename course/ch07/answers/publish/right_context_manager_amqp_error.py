# the notebook's channel(), confirmed, mandatory, persistent; every AMQPError is a False.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    properties = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), properties, mandatory=True)
    except pika.exceptions.AMQPError:
        return False
    return True
