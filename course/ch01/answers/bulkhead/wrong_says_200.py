# change of: right_decorator
# feedback: reçoit 200 | 503
-                return {"error": "complet"}, 503, {"Retry-After": "1"}
+                return {"error": "complet"}
