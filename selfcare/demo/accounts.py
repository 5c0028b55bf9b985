"""The demonstration's accounts (docs of the commands name them; they exist nowhere else)."""

from __future__ import annotations

PASSWORD = "correct horse battery demo"  # noqa: S105 - printed by `make demo`; production refuses this data

SHOWN = (
    ("patient@demo.example", "Ayşe, type 2 diabetes and joint pain; a visit in 2 days"),
    ("patient2@demo.example", "Peter, COPD, another practice"),
    ("carer@demo.example", "Elif, helps Ayşe, her mother, and a neighbour"),
    ("clinician@demo.example", "Grace, Ayşe's nurse"),
    ("clinician2@demo.example", "Samuel, a GP elsewhere"),
    ("clinician3@demo.example", "Nadia, a GP beside Grace"),
    ("facilitator@demo.example", "Ines, leads courses"),
    ("programme@demo.example", "Marcus, programme lead"),
    ("admin@demo.example", "Ruth, administrator"),
)
