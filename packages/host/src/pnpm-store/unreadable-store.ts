/** The index of a store cannot be read with certainty. pnpm may read something else there, or nothing. */
export class UnreadableStoreError extends Error {
  override readonly name = 'UnreadableStoreError';
}

export function unreadableIndex(why: string): UnreadableStoreError {
  return new UnreadableStoreError(why);
}
