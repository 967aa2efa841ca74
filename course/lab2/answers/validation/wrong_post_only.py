# change of: right_by_hand
# feedback: PUT avec
# mistake: ne vérifie(nt) pas PUT
-    product = valid(request.get_json(silent=True))
+    product = {**request.get_json(), "sku": sku}
     status = 200 if sku in catalogue else 201
