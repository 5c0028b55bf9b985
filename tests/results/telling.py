"""How the stories of results write, release and read."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from selfcare import clock

API = "/api/v1"
TODAY = clock.today("Europe/London")
UNITS = {"hba1c": "mmol/mol", "ldl": "mmol/L", "weight": "kg", "blood_pressure": "mmHg", "foot_check": None}


def body_of(
    patient: Any, measure: str = "hba1c", value: Any = 58, days_ago: int = 3, **more: Any
) -> dict[str, Any]:
    """What Grace sends; ``**more`` replaces and adds."""
    return {
        "patient_id": str(patient),
        "measure": measure,
        "value": value,
        "unit": UNITS[measure],
        "taken_on": (TODAY - dt.timedelta(days=days_ago)).isoformat(),
    } | more


def put(who: Any, patient: Any, result: Any = None, **body: Any) -> Any:
    """Send a result; the answer."""
    return who.put(f"{API}/results/{result or uuid.uuid4()}", body_of(patient, **body))


def write(who: Any, patient: Any, **body: Any) -> str:
    """Send a result that is stored; its id."""
    answer = put(who, patient, **body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.json["id"])


def release(who: Any, result: str) -> Any:
    return who.post(f"{API}/results/{result}/release")


def release_all(who: Any, patient: Any, **body: Any) -> Any:
    return who.post(f"{API}/patients/{patient}/results/release", body)


def read(who: Any, path: str = f"{API}/results") -> list[Any]:
    answer = who.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    items: list[Any] = answer.json["items"]
    return items


def page(who: Any, path: str) -> str:
    answer = who.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True))
