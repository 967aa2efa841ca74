# change of: right_http_client
# feedback: elle ne sait pas
-@app.errorhandler(Broken)
-def say_so(error):
-    return {"detail": "On ne sait pas."}, 502
+# Nobody catches what `once` raises.
