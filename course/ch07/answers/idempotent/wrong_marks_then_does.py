# change of: right_insert_or_ignore
# feedback: votre worker tué | personne ne la refera
-        if added.rowcount:
+    if added.rowcount:
+        with transaction():
