# feedback: n’a pas reçu | order.created | ignorerait des commandes
binding_keys = ["order", "payment.failed"]
