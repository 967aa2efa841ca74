# feedback: vaut None | mourrait devant un client
def keeps_promise(status, body):
    return status == 200 and isinstance(body, dict) and {"name", "price_cents"} <= body.keys()
