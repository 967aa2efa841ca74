# change of: solution
# feedback: plus tard | 409
-        return ({"receipt": receipt}, 201) if receipt else abort(409)
+        abort(409)
