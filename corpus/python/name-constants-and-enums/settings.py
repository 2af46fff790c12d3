from enum import Enum

try:
    from enum import StrEnum
except ImportError:
    StrEnum = str

BUCKET = "constants"


class Tables(Enum):
    ORDERS = "orders"
    USERS = "users"


class Prefix(StrEnum):
    RAW = "raw"
    CLEAN = "clean"


class Config:
    QUEUE = "constant-jobs"

    class Topics:
        DONE = "arn:aws:sns:us-east-1:123456789012:constant-done"
