# change of: solution
# feedback: GET /reviews/ABSENT | inconnue
-    route = request.url_rule.rule if request.url_rule else "inconnue"
+    route = "inconnue" if response.status_code == 404 else str(request.url_rule)
