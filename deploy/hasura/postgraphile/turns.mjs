// A question has one connection at a time, and none once nobody waits for its answer.

/**
 * The `withPgClient` of one question: its statements come one after the other, so that no question takes the
 * connections of the others. Once `signal` is aborted none begins, and the one that runs ends by `endMs` (by the
 * clock of performance.now()).
 */
export function inTurn(withPgClient, signal, endMs) {
  let before = Promise.resolve();
  return (settings, callback) => {
    const mine = before.then(() => {
      signal.throwIfAborted();
      return withPgClient(timed(settings, endMs), (client) => {
        signal.throwIfAborted(); // it may have waited for a connection
        return callback(client);
      });
    });
    before = mine.catch(() => {}); // whoever asked for it hears of it
    return mine;
  };
}

/** With what is left of the time, as of when the transaction begins. */
function timed(settings, endMs) {
  return {
    ...settings,
    get statement_timeout() {
      const left = Math.ceil(endMs - performance.now());
      return String(Math.max(1, Math.min(Number(settings.statement_timeout), left)));
    },
  };
}
