# publishes in a thread of its own, which closes its connection in a finally; silence for ten seconds is a False.
import threading
import uuid


def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    outcome = []

    def work():
        connection = None
        try:
            parameters = pika.URLParameters(shop.broker.url)
            parameters.socket_timeout = 3
            parameters.stack_timeout = 5
            parameters.blocked_connection_timeout = 5
            connection = pika.BlockingConnection(parameters)
            ch = connection.channel()
            ch.confirm_delivery()
            properties = pika.BasicProperties(delivery_mode=2, message_id=str(uuid.uuid4()))
            ch.basic_publish("shop.events", routing_key(event), json.dumps(event), properties, True)
            outcome.append(True)
        except Exception:
            pass
        finally:
            if connection is not None and connection.is_open:
                try:
                    connection.close()
                except pika.exceptions.AMQPError:
                    pass

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(timeout=10)
    return bool(outcome)
