# feedback: UnroutableError
# mistake: laisse(nt) échapper l’exception d’un message sans lecteur
def publish(event):
    with channel() as ch:
        ch.confirm_delivery()
        message = pika.BasicProperties(delivery_mode=2)
        ch.basic_publish("shop.events", routing_key(event), json.dumps(event), message, True)
    return True
