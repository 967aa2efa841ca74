# change of: right_by_hand
# feedback: unpkg.com | resterait blanche
# mistake: charge(nt) la page depuis un autre site
-PAGE = "<!doctype html><title>Products</title><h1>Products</h1><a href='/openapi.json'>openapi.json</a>"
+PAGE = "<!doctype html><title>Products</title><script src='https://unpkg.com/swagger-ui-dist/swagger-ui-bundle.js'></script><a href='/openapi.json'>openapi.json</a>"
