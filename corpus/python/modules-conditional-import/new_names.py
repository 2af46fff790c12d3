KEY = "new"
