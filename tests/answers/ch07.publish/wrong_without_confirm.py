# feedback: Aucune file n’attend | répondu True
def publish(event):
    try:
        with channel() as ch:
            message = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message, True)
    except pika.exceptions.AMQPError:
        return False
    return True
