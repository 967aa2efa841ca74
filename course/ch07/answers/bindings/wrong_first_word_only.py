# feedback: n’a pas reçu | order.created | ignorerait des commandes
# mistake: écri(t|vent) un motif qu’AMQP ne connaît pas
binding_keys = ["order", "payment.failed"]
