# change of: solution
# feedback: le nouveau s’inscrit | resterait inconnu
-    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
+    if name in table:
+        abort(409)
+    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
