# feedback: vaut -1 | mourrait
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    return isinstance(name, str) and name != "" and type(price) is int
