class Users:
    """The program that uses this class makes the client; it is not here."""

    def __init__(self, identity, pool):
        self.identity = identity
        self.pool = pool

    def confirmed(self, name):
        return self.identity.admin_get_user(UserPoolId=self.pool, Username=name)["UserStatus"] == "CONFIRMED"

    def all(self):
        return self.identity.list_users(UserPoolId=self.pool)["Users"]


def remember(cache, key, value):
    cache.put(key=key, value=value)
    cache.list_entries()
