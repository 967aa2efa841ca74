# change of: solution
# feedback: n’a jamais été passée | 404
-    return json.loads(row[0]) if row else abort(404)
+    return json.loads(row[0]) if row else {}
