# change of: solution
# feedback: injoignable | exactement 2
-    finally:
-        free[part].release()
+    except requests.HTTPError:
+        free[part].release()
+        raise
+    else:
+        free[part].release()
