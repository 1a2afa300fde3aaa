"""Sockets, and the HTTP calls of whoever knows who is online."""

from clubroom.app.aws.frames import Notification
from clubroom.app.aws.function import Function

handler = Notification(Function.here())
