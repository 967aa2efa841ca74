def keeps_promise(status, body):
    """Cette réponse de products suffit-elle à la caisse ?"""
    if status != 200 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    if not isinstance(name, str) or name == "":
        return False
    return isinstance(price, int) and not isinstance(price, bool) and price >= 0
