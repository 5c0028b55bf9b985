"""Who did what to whose record, and when. Append-only; written inside services, never read by a feature."""

from selfcare.audit.events import SYSTEM, AuditEvent, is_noted, record, record_apart

__all__ = ["SYSTEM", "AuditEvent", "is_noted", "record", "record_apart"]
