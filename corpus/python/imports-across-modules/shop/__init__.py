from .orders import save_order

__all__ = ["save_order"]
