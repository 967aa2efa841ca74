# change of: right_by_hand
# feedback: vendable serait refusé
# mistake: refuse(nt) un prix de zéro
         abort(422, "Le corps doit être un objet JSON.")
+    if not all(body.get(field) for field in ("sku", "name", "price_cents")):
+        abort(422, "sku, name, price_cents sont obligatoires")
