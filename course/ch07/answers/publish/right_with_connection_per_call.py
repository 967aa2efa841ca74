def publish(event):
    message = pika.BasicProperties(delivery_mode=2, content_type="application/json")
    try:
        with pika.BlockingConnection(pika.URLParameters(shop.broker.url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish(
                "shop.events", routing_key(event), json.dumps(event), message, mandatory=True
            )
    except pika.exceptions.AMQPError:
        return False
    return True
