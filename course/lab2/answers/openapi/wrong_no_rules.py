# change of: right_by_hand
# feedback: pourrait donner le prix | integer
# mistake: ne donne(nt) pas de règle au prix
-        "price_cents": {"type": "integer", "minimum": 0},
+        "price_cents": {},
