# feedback: n’a pas reçu payment.failed
# mistake: oublie(nt) les paiements refusés
binding_keys = "order.*"
