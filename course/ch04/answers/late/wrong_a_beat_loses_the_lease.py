# change of: solution
# feedback: l’ancien bat, l’ancien bat | en règle serait repoussée
-    require(name, request.get_json()["lease"])
-    return "", 204
+    require(name, request.get_json()["lease"])
+    table[name] = {"url": request.get_json()["url"], "lease": None}
+    return "", 204
