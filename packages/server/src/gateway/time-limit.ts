/**
 * Runs work with a signal that a time limit, another signal or the work itself aborts. Unlike `AbortSignal.any`, it leaves no timer or
 * listener.
 */
export async function within<Result>(
  time: number,
  work: (signal: AbortSignal, abort: () => void) => Promise<Result>,
  gone?: AbortSignal,
): Promise<Result> {
  gone?.throwIfAborted();
  const abort = new AbortController();
  const leave = (): void => abort.abort(gone?.reason);
  const late = setTimeout(() => abort.abort(), time);
  gone?.addEventListener('abort', leave);
  try {
    return await work(abort.signal, () => abort.abort());
  } finally {
    clearTimeout(late);
    gone?.removeEventListener('abort', leave);
  }
}
