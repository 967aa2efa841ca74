# change of: solution
# feedback: un voisin, d’un autre nom, s’inscrit | en règle serait repoussée
-    table[name] = {"url": request.get_json()["url"], "lease": next(numbers)}
-    return table[name], 201
+    global last
+    last = next(numbers)
+    table[name] = {"url": request.get_json()["url"], "lease": last}
+    return table[name], 201

-    if name not in table or table[name]["lease"] != lease:
+    if name not in table or last != lease:
