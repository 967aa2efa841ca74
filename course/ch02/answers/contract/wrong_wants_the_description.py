# feedback: champs de plus ou de moins | demander à la caisse
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict) or "description" not in body:
        return False
    name, price = body.get("name"), body.get("price_cents")
    return isinstance(name, str) and name != "" and type(price) is int and price >= 0
