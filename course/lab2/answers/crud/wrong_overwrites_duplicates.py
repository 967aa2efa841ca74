# change of: right_dictionary
# feedback: second POST | 409
# mistake: écrase(nt) un article qui existe
-    if product["sku"] in catalogue:
-        abort(409)
