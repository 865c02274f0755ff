/**
 * The result of a promise, if it settles in time. The work behind the promise goes on.
 * @throws Error with this message after the limit, and the errors of the promise.
 */
export async function inTime<T>(limit: number, promise: Promise<T>, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
