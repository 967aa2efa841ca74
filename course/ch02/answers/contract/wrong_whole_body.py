# feedback: True : la caisse a tout | demander à la caisse
EXPECTED = {"sku": "LAMP", "name": "Lampe de bureau", "price_cents": 3990, "description": "Éclaire."}


def keeps_promise(status, body):
    return status == 200 and body == EXPECTED
