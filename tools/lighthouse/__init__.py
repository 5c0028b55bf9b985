"""Lighthouse on the pages that people see first; see ``__main__``."""
