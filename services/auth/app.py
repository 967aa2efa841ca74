"""Auth owns accounts and signing keys: it says who you are; each service decides what you may do.

    POST /login                   {"username", "password"} → a token of 15 minutes
    GET  /.well-known/jwks.json   the public keys to verify tokens with
    POST /introspect              form field token: is it good? (RFC 7662, scope tokens:introspect)
    POST /keys/rotate             another key signs from now on (scope keys:rotate)
"""
