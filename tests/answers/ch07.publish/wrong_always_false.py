# feedback: publish a répondu False | Qui reçoit False republie
def publish(event):
    try:
        with channel() as ch:
            ch.confirm_delivery()
            message = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message, True)
    except pika.exceptions.AMQPError:
        pass
    return False
