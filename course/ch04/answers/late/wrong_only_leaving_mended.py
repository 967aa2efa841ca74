# change of: solution
# feedback: l’ancien bat | le bon
-    require(name, request.get_json()["lease"])
-    return "", 204
+    table[name] = request.get_json()
+    return "", 204
