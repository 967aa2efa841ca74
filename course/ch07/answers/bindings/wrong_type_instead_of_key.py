# feedback: n’a pas reçu | order.created
binding_keys = ["ORDER_*", "PAYMENT_FAILED"]
