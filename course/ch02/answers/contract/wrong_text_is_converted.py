# feedback: vaut '3990' | mourrait
def keeps_promise(status, body):
    if status != 200 or not isinstance(body, dict):
        return False
    name, price = body.get("name"), body.get("price_cents")
    if isinstance(price, (bool, float)):
        return False
    try:
        return isinstance(name, str) and name != "" and int(price) >= 0
    except (TypeError, ValueError):
        return False
