# change of: solution
# feedback: répond 409 | 410
-        abort(410)
+        abort(409)
