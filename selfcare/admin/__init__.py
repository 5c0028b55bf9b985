"""People, teams, hand-overs and the audit trail, for administrators. No clinical content passes through here."""
