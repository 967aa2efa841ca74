# feedback: connexions de plus restent ouvertes | descripteur
# mistake: laisse(nt) des connexions ouvertes
opened = []


def publish(event):
    try:
        connection = pika.BlockingConnection(pika.URLParameters(shop.broker.url))
        opened.append(connection)
        ch = connection.channel()
        ch.confirm_delivery()
        message = pika.BasicProperties(delivery_mode=2)
        ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message, True)
    except pika.exceptions.AMQPError:
        return False
    return True
