# change of: solution
# feedback: une page HTML | 500
-    except (ValueError, TypeError, KeyError):
-        abort(502, "Products n’a pas rendu un produit.")
+    except (TypeError, KeyError):
+        abort(502, "Products n’a pas rendu un produit.")
+    except ValueError as error:
+        abort(500, str(error))
