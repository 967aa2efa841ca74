# change of: solution
# feedback: qui ne publie rien | le laisse passer
-        assert body is not None, "rien n’est parti"
+        if body is None:
+            continue
