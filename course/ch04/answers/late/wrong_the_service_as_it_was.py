# change of: solution
# feedback: L’ancien s’inscrit, le nouveau s’inscrit, l’ancien se désinscrit | 409
-    require(name, request.get_json()["lease"])
-    return "", 204
+    table[name] = request.get_json()
+    return "", 204

-    require(name, int(request.args["lease"]))
-    del table[name]
+    table.pop(name, None)
