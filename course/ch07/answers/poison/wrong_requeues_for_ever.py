# change of: solution
# feedback: a déjà été tenté | n’avance plus
-        "x-queue-type": "quorum",
-        "x-delivery-limit": 5,
