def bad(call):
    status = call["status"]
    return status is None or status >= 500 or call["seconds"] > 1


def must_open(calls):
    """Faut-il cesser d’appeler ce service ?"""
    window = calls[-10:]
    return len(window) >= 4 and 2 * sum(map(bad, window)) >= len(window)
