def declare(channel):
    morts = "returns.morts"
    channel.exchange_declare(exchange="shop.events", exchange_type="topic", durable=True)
    channel.exchange_declare(exchange=morts, exchange_type="fanout", durable=True)
    channel.queue_declare(queue="returns.dead", durable=True)
    channel.queue_bind(queue="returns.dead", exchange=morts)
    for file, cle, arguments in (
        ("returns.requested", "return.requested", {"x-dead-letter-exchange": morts}),
        ("notifications.returns", "return.*", {}),
    ):
        channel.queue_declare(
            queue=file, durable=True, arguments={"x-queue-type": "quorum", **arguments}
        )
        channel.queue_bind(queue=file, exchange="shop.events", routing_key=cle)
