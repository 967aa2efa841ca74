import time


def publish(event, attempts=3):
    for attempt in range(attempts):
        try:
            with channel() as ch:
                ch.confirm_delivery()
                ch.basic_publish(
                    "shop.events",
                    routing_key(event),
                    json.dumps(event),
                    pika.BasicProperties(delivery_mode=2, message_id=event["id"]),
                    mandatory=True,
                )
                return True
        except (pika.exceptions.UnroutableError, pika.exceptions.NackError):
            return False
        except pika.exceptions.AMQPError:
            time.sleep(0.05 * 2**attempt)
    return False
