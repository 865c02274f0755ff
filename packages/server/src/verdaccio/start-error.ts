/** Why verdaccio was not started, for whoever started it: nothing listens. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The first line of what an error says. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
}
