# one connection for all calls, behind a lock, tried before each use and reopened when it is dead.
import threading


_lock = threading.Lock()
_current = None


def _forget():
    global _current
    old, _current = _current, None
    if old is not None:
        try:
            old.connection.close()
        except Exception:
            pass


def _open_channel():
    """Le canal partagé ; s’il est mort, un neuf."""
    global _current
    if _current is not None:
        try:
            _current.connection.process_data_events(time_limit=0.05)
        except Exception:
            pass
        if not _current.is_open:
            _forget()
    if _current is None:
        parameters = pika.URLParameters(shop.broker.url)
        parameters.blocked_connection_timeout = 10
        connection = pika.BlockingConnection(parameters)
        try:
            ch = connection.channel()
            ch.confirm_delivery()
        except Exception:
            if connection.is_open:
                connection.close()
            raise
        _current = ch
    return _current


def publish(event):
    """Publie l’événement ; True seulement s’il est en lieu sûr."""
    with _lock:
        try:
            ch = _open_channel()
            ch.basic_publish(
                "shop.events",
                routing_key(event),
                json.dumps(event).encode(),
                pika.BasicProperties(delivery_mode=2, content_type="application/json"),
                mandatory=True,
            )
            return True
        except (pika.exceptions.UnroutableError, pika.exceptions.NackError):
            return False
        except Exception:
            _forget()
            return False
