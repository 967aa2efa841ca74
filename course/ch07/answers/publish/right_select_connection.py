def publish(event):
    """The asynchronous way: confirmations and returned messages come as callbacks."""
    told = {"ack": False, "returned": False}

    def on_open(connection):
        connection.channel(on_open_callback=on_channel)

    def on_channel(ch):
        ch.confirm_delivery(lambda frame: on_confirm(ch, frame))
        ch.add_on_return_callback(lambda *_: told.update(returned=True))
        ch.basic_publish(
            "shop.events",
            routing_key(event),
            json.dumps(event),
            pika.BasicProperties(delivery_mode=2),
            mandatory=True,
        )

    def on_confirm(ch, frame):
        told["ack"] = isinstance(frame.method, pika.spec.Basic.Ack)
        ch.connection.close()

    connection = pika.SelectConnection(
        pika.URLParameters(shop.broker.url),
        on_open_callback=on_open,
        on_open_error_callback=lambda connection, error: connection.ioloop.stop(),
        on_close_callback=lambda connection, error: connection.ioloop.stop(),
    )
    connection.ioloop.start()
    return told["ack"] and not told["returned"]
