# change of: solution
# feedback: KeyError
-        event["return_id"], event["type"]
-    except (ValueError, TypeError, KeyError):
+        assert isinstance(event, dict)
+    except (ValueError, AssertionError):
