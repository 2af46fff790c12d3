KEY = "from-keys"
