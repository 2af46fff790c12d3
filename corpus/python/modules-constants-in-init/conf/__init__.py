from .keys import KEY

BUCKET = "in-init"
