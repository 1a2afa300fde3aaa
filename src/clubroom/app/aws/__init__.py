"""Clubroom as functions of AWS: API Gateway calls them for each request and each frame, and nothing of ours
runs between two calls. Each module holds the `handler` of one function; deploy/aws/ says what calls it.

* `auth`, `chat`, `fe`: the HTTP calls of that service.
* `notification`: sockets (`$connect`, `$default`, `$disconnect`), and its HTTP calls.
* `worker`: woken by the queue and by the clock: hands commits to sockets, tells those who are away, and does
  all else that no request waits for.

A function imports what it needs and no more, for that is how long its first caller waits.
"""
