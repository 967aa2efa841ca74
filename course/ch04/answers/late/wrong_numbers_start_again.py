# change of: solution
# feedback: le nouveau s’inscrit, l’ancien | le bon
-    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
+    lease = table[name]["lease"] + 1 if name in table else 1
+    table[name] = {"url": request.get_json()["url"], "lease": lease}
