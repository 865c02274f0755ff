/** The first pip whose functions have been compared with those that the guard replaces. */
const FLOOR = 22;

/** Why this client cannot be guarded. A newer pip can: its guard stops if a function that it replaces is missing. */
export function unguardable(client: string): string | undefined {
  const major = Number(/^pip (\d+)(?:\.|$)/.exec(client)?.[1] ?? 0);
  if (major >= FLOOR) return undefined;
  return `${client} cannot be guarded; use pip ${FLOOR} or newer`;
}
