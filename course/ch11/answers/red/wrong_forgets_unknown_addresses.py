# change of: solution
# feedback: adresse inconnue | 0 réponse 404
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    if request.url_rule is None:
+        return response
+    route = request.url_rule.rule
