/** Longest that is spent on making one input smaller. */
const MAX_MS = 30_000;

/** What an input fails with: the code of a broken promise, or the name of another error; undefined where it does not. */
export function failureOf(fuzz: (data: Buffer) => void, data: Buffer): string | undefined {
  try {
    fuzz(data);
    return undefined;
  } catch (error) {
    const { code, name } = error as { code?: string; name: string };
    return code ?? name;
  }
}

/** A smaller input that fails in the same way: stretches are left out, from halves down to single bytes. */
export function minimise(fuzz: (data: Buffer) => void, data: Buffer): Buffer {
  const wanted = failureOf(fuzz, data);
  if (wanted === undefined) return data;
  const stop = performance.now() + MAX_MS;
  let best = data;
  for (let length = best.length >> 1; length >= 1; length = length >> 1) {
    for (let at = 0; at < best.length && performance.now() < stop;) {
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + length)]);
      if (failureOf(fuzz, smaller) === wanted) best = smaller;
      else at += length;
    }
  }
  return best;
}
