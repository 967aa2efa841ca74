FILES = {
    "returns.dead": (None, {}),
    "returns.requested": (
        "return.requested",
        {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": "returns.dead"},
    ),
    "notifications.returns": ("return.*", {}),
}


def declare(channel):
    channel.exchange_declare("shop.events", "topic", durable=True)
    for file, (liaison, arguments) in FILES.items():
        channel.queue_declare(file, durable=True, arguments=arguments)
        if liaison:
            channel.queue_bind(file, "shop.events", liaison)
