# feedback: n’a pas reçu | order.created
# one key with a bar, as in a regular expression: the bar is a plain character, nothing matches.
binding_keys = ["order.#|payment.failed"]
