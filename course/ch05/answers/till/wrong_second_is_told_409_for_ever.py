# change of: solution
# feedback: plus tard | 409
# mistake: (refuse|refusent) pour toujours la clé déjà vue
-        return ({"receipt": receipt}, 201) if receipt else abort(409)
+        abort(409)
