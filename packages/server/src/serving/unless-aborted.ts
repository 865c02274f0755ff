/** Waits for a promise unless a signal is aborted first. Leaves no listener. @throws the signal's reason. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const left = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { signal: left.signal });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    left.abort();
  }
}
