def declare(channel):
    channel.exchange_declare("shop.events", "topic", durable=True)
    channel.queue_declare(
        "returns.requested",
        durable=True,
        arguments={
            "x-dead-letter-exchange": "shop.events",
            "x-dead-letter-routing-key": "dead.return.requested",
        },
    )
    channel.queue_declare("returns.dead", durable=True, arguments={"x-max-length": 10_000})
    channel.queue_declare("notifications.returns", durable=True)
    channel.queue_bind("returns.dead", "shop.events", "dead.return.requested")
    channel.queue_bind("returns.requested", "shop.events", "return.requested")
    channel.queue_bind("notifications.returns", "shop.events", "return.*")
