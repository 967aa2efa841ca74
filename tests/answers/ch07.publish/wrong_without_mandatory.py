# feedback: Aucune file n’attend | répondu True | jette un message
def publish(event):
    try:
        with channel() as ch:
            ch.confirm_delivery()
            message = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message)
    except pika.exceptions.AMQPError:
        return False
    return True
