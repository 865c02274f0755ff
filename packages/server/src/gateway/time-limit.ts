/**
 * Runs work with a signal that ends it after so many milliseconds, or with another signal. Unlike `AbortSignal.timeout` and `any`, nothing
 * is left of it when it is done.
 */
export async function within<Result>(
  time: number,
  work: (signal: AbortSignal) => Promise<Result>,
  gone?: AbortSignal,
): Promise<Result> {
  gone?.throwIfAborted();
  const abort = new AbortController();
  const leave = (): void => abort.abort(gone?.reason);
  const late = setTimeout(() => abort.abort(), time);
  gone?.addEventListener('abort', leave);
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(late);
    gone?.removeEventListener('abort', leave);
  }
}
