"""Everything that no request waits for."""

from clubroom.app.aws.function import Function
from clubroom.app.aws.work import Worker

handler = Worker(Function.here())
