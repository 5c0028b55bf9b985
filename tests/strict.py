"""Names that a template uses but nobody gave it.

The kit's macros reach into absent parameters (``params.hint.text``), so the application has to let absent names
through in silence, and a slip such as ``{{ goal.statment }}`` would show as nothing. In tests a name may be asked
whether it is there, and reached into; whoever writes it out, counts it or walks over it fails.
"""

from __future__ import annotations

from typing import Any, NoReturn

import jinja2


class Strict(jinja2.ChainableUndefined):
    """Absent, and says so as soon as it matters."""

    def _fail(self, *given: Any, **named: Any) -> NoReturn:
        self._fail_with_undefined_error()

    __str__ = __html__ = __iter__ = __len__ = _fail
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _fail
    __int__ = __float__ = __lt__ = __le__ = __gt__ = __ge__ = __call__ = _fail
