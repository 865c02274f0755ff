/** Descriptors that this process holds. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs';

const LIST = '/proc/self/fd';

export const canTellHeld: boolean = existsSync(LIST);

/** What is open of a folder and of what lies in it; nothing where the platform does not tell. */
export function heldIn(folder: string): string[] {
  if (!canTellHeld) return [];
  return readdirSync(LIST)
    .map((name) => {
      try {
        return readlinkSync(`${LIST}/${name}`);
      } catch {
        return '';
      }
    })
    .filter((path) => path.startsWith(folder));
}

/** Throws where something is left open: for after a test. */
export function assertNothingHeld(folder: string): void {
  const held = heldIn(folder);
  if (held.length > 0) throw new Error(`left open: ${held.join(', ')}`);
}
