# feedback: rien n’est arrivé | shop.events
def publish(event):
    try:
        with channel() as ch:
            ch.confirm_delivery()
            message = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("", routing_key(event), json.dumps(event), message, mandatory=True)
    except pika.exceptions.AMQPError:
        return False
    return True
