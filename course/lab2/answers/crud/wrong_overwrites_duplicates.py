# change of: right_dictionary
# feedback: second POST | 409
-    if product["sku"] in catalogue:
-        abort(409)
