"""The built client, and whatever no other service answers for."""

from clubroom.app.aws.function import Function
from clubroom.app.aws.web import Web

handler = Web(Function.here(), "fe")
