# change of: solution
# feedback: null | TypeError
# mistake: ne (résiste|résistent) pas à un corps `null`
-    except (ValueError, TypeError, KeyError):
+    except (ValueError, KeyError):
