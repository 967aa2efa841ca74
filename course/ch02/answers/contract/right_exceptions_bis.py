class Broken(Exception):
    pass


def need(condition):
    if not condition:
        raise Broken


def keeps_promise(status, body):
    """Cette réponse de products suffit-elle à la caisse ?"""
    try:
        need(status == 200)
        need(type(body) is dict)
        need(type(body["name"]) is str)
        need(len(body["name"]) > 0)
        need(type(body["price_cents"]) is int)
        need(body["price_cents"] >= 0)
    except (Broken, KeyError):
        return False
    return True
