/** Sdists to start from: the attack set, and what real ones do. */
import { gunzipSync } from 'node:zlib';
import { cleanSdists, sdistAttacks } from '../support/attacks/sdist.ts';

/** Unpacked archives to mutate, the small ones. */
export function sdistSeeds(): Buffer[] {
  return [...cleanSdists(), ...sdistAttacks()]
    .flatMap(({ bytes }) => {
      try {
        return [gunzipSync(bytes)];
      } catch {
        return [];
      }
    })
    .filter((tar) => tar.length < 64 * 1024);
}
