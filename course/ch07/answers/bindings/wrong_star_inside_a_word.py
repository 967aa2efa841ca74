# feedback: n’a pas reçu | order.created
# a star glued to a word is a plain character: order* matches no event, every order event is missed.
binding_keys = ["order*", "payment.failed"]
