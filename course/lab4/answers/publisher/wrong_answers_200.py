# change of: solution
# feedback: 202
-    return {"return_id": event["return_id"]}, 202
+    return {"return_id": event["return_id"]}
