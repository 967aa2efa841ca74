# change of: right_insert_or_ignore
# feedback: votre worker tué | personne ne la refera
# mistake: note(nt) le message, puis (sort|sortent) la lampe, en deux temps
-        if added.rowcount:
+    if added.rowcount:
+        with transaction():
