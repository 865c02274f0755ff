/** The reason why verdaccio was not started: nothing listens. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The first line of an error's message. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
