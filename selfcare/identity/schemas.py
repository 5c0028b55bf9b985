"""Bodies of the session and of the password."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from selfcare.edge.schemas import Line, Schema, Text

LONGEST_NEXT = 500  # characters of the page that somebody was going to
LONGEST_CARRIED = 100_000  # characters of a sealed form; a longer one stays in the browser's own history


class SignInSchema(Schema):
    """E-mail and password; ``code`` is the second factor where one is set up."""

    email = Line(required=True, longest=254, empty=_l("Enter your email address"))
    password = Text(required=True, longest=1000, empty=_l("Enter your password"))
    code = Line(longest=10)
    next = Line(longest=LONGEST_NEXT)


class SignInForm(SignInSchema):
    """The page's own: ``carried`` is the sealed form that somebody was sending when their session had ended."""

    carried = Text(longest=LONGEST_CARRIED)


class UnlockSchema(Schema):
    """The password alone, on a browser that is locked."""

    password = Text(required=True, longest=1000, empty=_l("Enter your password"))
    next = Line(longest=LONGEST_NEXT)


class PasswordSchema(Schema):
    """A new password, and the current one as proof."""

    current = Text(required=True, longest=1000, empty=_l("Enter the password you use now"))
    password = Text(required=True, longest=1000, empty=_l("Enter a new password"))
