# feedback: RabbitMQ est revenu | répond encore False
# mistake: garde(nt) une connexion morte
ch = pika.BlockingConnection(pika.URLParameters(shop.broker.url)).channel()
ch.confirm_delivery()


def publish(event):
    message = pika.BasicProperties(delivery_mode=2)
    try:
        ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message, True)
    except pika.exceptions.AMQPError:
        return False
    return True
