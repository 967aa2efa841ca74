# SelectConnection and its callbacks: True on Basic.Ack without Basic.Return, with a deadline.
def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    key, body = routing_key(event), json.dumps(event)
    seen = {"acked": False, "returned": False}

    def hang_up(*_):
        if connection.is_open:
            connection.close()

    def stop(*_):
        connection.ioloop.stop()

    def give_up():
        hang_up()
        connection.ioloop.call_later(1, stop)

    def on_answer(frame):
        seen["acked"] = isinstance(frame.method, pika.spec.Basic.Ack)
        hang_up()

    def on_channel(ch):
        def send(_frame):
            properties = pika.BasicProperties(delivery_mode=2)
            ch.basic_publish("shop.events", key, body, properties, mandatory=True)

        ch.add_on_close_callback(hang_up)
        ch.add_on_return_callback(lambda *_: seen.update(returned=True))
        ch.confirm_delivery(on_answer, callback=send)

    connection = pika.SelectConnection(
        pika.URLParameters(shop.broker.url),
        on_open_callback=lambda connection: connection.channel(on_open_callback=on_channel),
        on_open_error_callback=stop,
        on_close_callback=stop,
    )
    connection.ioloop.call_later(10, give_up)
    try:
        connection.ioloop.start()
    finally:
        connection.ioloop.close()
    return seen["acked"] and not seen["returned"]
