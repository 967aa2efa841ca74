# feedback: Le message reçu est | en JSON
def publish(event):
    try:
        with channel() as ch:
            ch.confirm_delivery()
            message = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("shop.events", routing_key(event), str(event), message, True)
    except pika.exceptions.AMQPError:
        return False
    return True
