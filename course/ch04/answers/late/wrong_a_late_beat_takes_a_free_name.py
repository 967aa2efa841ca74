# change of: solution
# feedback: l’ancien se désinscrit, l’ancien bat | 404 ou 409
-    require(name, request.get_json()["lease"])
-    return "", 204
+    if name not in table:
+        table[name] = request.get_json()
+    require(name, request.get_json()["lease"])
+    return "", 204
