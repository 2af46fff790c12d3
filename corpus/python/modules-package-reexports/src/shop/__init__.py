from .storage import *
from .tables import orders as order_table
