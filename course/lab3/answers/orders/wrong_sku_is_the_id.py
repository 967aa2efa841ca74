# change of: solution
# feedback: IntegrityError
-    order = {"id": str(uuid.uuid4()), **asked()}
+    wanted = asked()
+    order = {"id": wanted["sku"], **wanted}
