# change of: solution
# feedback: l’ancien bat à la même adresse : réponse 204 | toujours inscrit
-    require(name, request.get_json()["lease"])
-    return "", 204
+    if name not in table or table[name]["url"] != request.get_json()["url"]:
+        abort(409)
+    return "", 204
