# feedback: annoncés sûrs | perdus | sur le disque
def publish(event):
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), mandatory=True)
    except pika.exceptions.AMQPError:
        return False
    return True
