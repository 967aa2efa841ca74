# feedback: a aussi reçu | email.sent
# mistake: reçoi(t|vent) tout
# binds # and means to sort in the reader: the accounts receive stock, e-mail and accepted payments too.
binding_keys = ["#"]  # le lecteur triera
