# change of: solution
# feedback: a répondu 503 | une autre erreur
-        yield
-    finally:
+        yield
+    except Exception:
+        abort(503, f"La partie {part} ne répond pas.")
+    finally:
