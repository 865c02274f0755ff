/** Runs work with a signal that ends it after so many milliseconds. Unlike `AbortSignal.timeout`, nothing is left of it when it is done. */
export async function within<Result>(
  time: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), time);
  try {
    return await work(abort.signal);
  } finally {
    clearTimeout(late);
  }
}
