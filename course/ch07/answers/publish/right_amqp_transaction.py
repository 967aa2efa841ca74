# no confirms but an AMQP transaction: tx.commit-ok says stored, Basic.Return says unroutable.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    returned = []
    try:
        with channel() as ch:
            ch.add_on_return_callback(lambda *args: returned.append(args))
            ch.tx_select()
            ch.basic_publish(
                exchange="shop.events",
                routing_key=routing_key(event),
                body=json.dumps(event).encode("utf-8"),
                properties=pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent),
                mandatory=True,
            )
            ch.tx_commit()
            ch.connection.process_data_events(time_limit=0)  # livre les retours déjà reçus
    except Exception as error:
        print("non publié :", repr(error))
        return False
    return not returned
