# change of: solution
# feedback: JSONDecodeError
-    except (ValueError, TypeError, KeyError):
+    except (TypeError, KeyError):
