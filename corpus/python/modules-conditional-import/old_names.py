KEY = "old"
