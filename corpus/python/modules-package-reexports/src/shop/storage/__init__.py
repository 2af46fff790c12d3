from .s3 import save

__all__ = ["save"]
