# feedback: La file est pleine | sans confirmation du courtier
# mistake: n’attend(ent) pas la confirmation du courtier
def publish(event):
    """Asks whether somebody listens, then hopes."""
    returned = []
    try:
        with channel() as ch:
            ch.add_on_return_callback(lambda *message: returned.append(message))
            message = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message, True)
            ch.connection.process_data_events(0.05)
    except pika.exceptions.AMQPError:
        return False
    return not returned
