# feedback: Aucune file n’attend | répondu True
# mistake: oublie(nt) mandatory
# asks for the confirmation but not for mandatory: an event without a reader is thrown away, confirmed, and declared True.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    try:
        with channel() as ch:
            ch.confirm_delivery()
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), pika.BasicProperties(delivery_mode=2))
        return True
    except pika.exceptions.AMQPError:
        return False
