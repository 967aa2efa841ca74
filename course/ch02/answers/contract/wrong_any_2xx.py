# feedback: Un statut 201
def keeps_promise(status, body):
    if not 200 <= status < 300 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    return isinstance(name, str) and name != "" and type(price) is int and price >= 0
