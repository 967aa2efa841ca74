# change of: right_by_hand
# feedback: contredit sa documentation | price
# mistake: nomme(nt) un champ autrement que le service
-    "required": ["sku", "name", "price_cents"],
+    "required": ["sku", "name", "price"],

-        "price_cents": {"type": "integer", "minimum": 0},
+        "price": {"type": "integer", "minimum": 0},
