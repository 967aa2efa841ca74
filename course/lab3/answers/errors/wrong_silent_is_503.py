# change of: solution
# feedback: silence | 504
-    except requests.Timeout:
-        abort(504, "Products n’a pas répondu à temps.")
-    except requests.ConnectionError:
+    except (requests.Timeout, requests.ConnectionError):
