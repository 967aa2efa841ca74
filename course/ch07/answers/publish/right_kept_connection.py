class Publisher:
    """One connection for all calls, opened again when it is dead."""

    def __init__(self):
        self.channel = None

    def publish(self, event):
        try:
            self.send(event)
        except pika.exceptions.AMQPError:
            self.channel = None
            return False
        return True

    def send(self, event):
        if self.channel is None or self.channel.is_closed:
            connection = pika.BlockingConnection(pika.URLParameters(shop.broker.url))
            self.channel = connection.channel()
            self.channel.confirm_delivery()
        self.channel.basic_publish(
            exchange="shop.events",
            routing_key=routing_key(event),
            body=json.dumps(event).encode(),
            properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent),
            mandatory=True,
        )


publish = Publisher().publish
