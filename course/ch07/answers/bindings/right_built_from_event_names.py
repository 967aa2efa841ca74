# builds the keys with the course's own routing_key.
binding_keys = [routing_key({"type": kind}) for kind in ("ORDER_#", "PAYMENT_FAILED")]
