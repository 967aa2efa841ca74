# change of: solution
# feedback: a déjà été tenté | n’avance plus
# mistake: n’(atteint|atteignent) jamais la limite d’essais
-        "x-queue-type": "quorum",
-        "x-delivery-limit": 5,
