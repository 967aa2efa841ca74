# change of: solution
# feedback: TypeError
-    except (ValueError, TypeError, KeyError):
+    except (ValueError, KeyError):
