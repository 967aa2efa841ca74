# feedback: est accepté | un refus
# a refusal told by None: whoever forgets to look at it lets everybody in.
class Verifier:
    def __init__(self, fetch_keys):
        self.fetch_keys, self.keys = fetch_keys, {}

    def verify(self, token):
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            if kid not in self.keys:
                self.keys = {k.key_id: k for k in jwt.PyJWKSet.from_dict(self.fetch_keys()).keys}
            return jwt.decode(
                token,
                self.keys[kid],
                algorithms=["RS256"],
                audience="orders",
                issuer="auth",
                options={"require": ["exp", "sub"]},
            )
        except (jwt.PyJWTError, KeyError):
            return None
