# change of: right_by_hand
# feedback: pourrait donner le prix | integer
-        "price_cents": {"type": "integer", "minimum": 0},
+        "price_cents": {},
