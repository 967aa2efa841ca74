# change of: solution
# feedback: null | TypeError
-    except (ValueError, TypeError, KeyError):
+    except (ValueError, KeyError):
