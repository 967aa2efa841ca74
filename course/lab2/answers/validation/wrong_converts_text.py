# change of: right_by_hand
# feedback: écrit en texte | répond 201
# mistake: converti(t|ssent) un prix écrit en texte
-    price = body.get("price_cents")
-    if type(price) is not int or price < 0:
+    try:
+        price = int(body.get("price_cents"))
+    except (TypeError, ValueError):
+        price = -1
+    if price < 0:
