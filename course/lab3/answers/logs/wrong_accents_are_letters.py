# change of: solution
# feedback: un identifiant nouveau
-    g.request_id = given if re.fullmatch(r"[A-Za-z0-9-]{1,64}", given) else uuid.uuid4().hex
+    g.request_id = given if re.fullmatch(r"[\w-]{1,64}", given) else uuid.uuid4().hex
