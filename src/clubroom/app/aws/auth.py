"""Who somebody is: its HTTP calls."""

from clubroom.app.aws.function import Function
from clubroom.app.aws.web import Web

handler = Web(Function.here(), "auth")
