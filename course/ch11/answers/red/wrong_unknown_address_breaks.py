# change of: solution
# feedback: adresse inconnue | 0 réponse 404
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    route = request.url_rule.rule
