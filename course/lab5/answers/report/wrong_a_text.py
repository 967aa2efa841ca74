# feedback: un dictionnaire
report = "products a renommé price_cents depuis 14 h"
