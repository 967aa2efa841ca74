# change of: solution
# feedback: répond 200 | 410
-        abort(410)
+        return {"order": order}
