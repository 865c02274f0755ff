/** The first pip whose functions have been compared with those that the guard replaces. */
const FLOOR = 22;

/** Why a client that said hello cannot be guarded. A newer pip is: its guard looks for what it replaces, and stops without. */
export function unguardable(client: string): string | undefined {
  const major = Number(/^pip (\d+)(?:\.|$)/.exec(client)?.[1] ?? 0);
  if (major >= FLOOR) return undefined;
  return `${client} cannot be guarded; use pip ${FLOOR} or newer`;
}
