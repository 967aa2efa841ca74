# change of: solution
# feedback: a répondu 500 | 4 y sont entrés
-        yield
-    finally:
+        yield
+    except Exception:
+        free[part].release()
+        raise
+    finally:
