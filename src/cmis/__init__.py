"""CMIS: an open electricity customer-information and billing system."""

__version__ = "0.1.0"
