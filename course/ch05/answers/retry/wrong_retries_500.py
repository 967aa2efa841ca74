# change of: solution
# feedback: À la réponse 500 | une décision
-            if response.status_code not in (502, 503, 504):
+            if response.status_code < 500:
