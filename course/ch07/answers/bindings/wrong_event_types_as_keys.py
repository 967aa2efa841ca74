# feedback: n’a pas reçu | order.created
# uses the names of the events, in capitals and underscores, instead of the keys: nothing matches.
binding_keys = ["ORDER_#", "PAYMENT_FAILED"]
