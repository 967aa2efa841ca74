# feedback: n’a pas reçu payment.failed
binding_keys = "order.*"
