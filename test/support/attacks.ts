/**
 * The attack set: every kind of archive that the guard has to stop, built from code. `rule` names what the inspector
 * must say; it may say more.
 */
import type { Attack } from './attacks/attack.ts';
import { duplicate, duplicates } from './attacks/duplicates.ts';
import { foreignAttacks } from './attacks/foreign.ts';
import { gzipAttacks } from './attacks/gzip.ts';
import { hardlink, links, symlink } from './attacks/links.ts';
import { manifests } from './attacks/manifest.ts';
import { names } from './attacks/names.ts';
import { paths, traversal } from './attacks/paths.ts';
import { paxAttacks, paxDesync } from './attacks/pax.ts';
import { structure } from './attacks/tar.ts';
import { types } from './attacks/types.ts';

export type { Attack, BuildOptions } from './attacks/attack.ts';
export { SENTINEL } from './attacks/attack.ts';
export { zipAttacks } from './attacks/zip.ts';
export { cleanOddities, type CleanOddity } from './attacks/clean.ts';

/** The five that every manager, on every road, is shown to stop. */
export const coreAttacks: readonly Attack[] = [symlink, hardlink, traversal, duplicate, paxDesync];

export const attacks: readonly Attack[] = [
  ...links,
  ...types,
  ...paths,
  ...names,
  ...duplicates,
  ...structure,
  ...paxAttacks,
  ...gzipAttacks,
  ...foreignAttacks,
  ...manifests,
];

export function attack(id: string): Attack {
  const found = attacks.find((one) => one.id === id);
  if (found === undefined) throw new RangeError(`no attack ${id}`);
  return found;
}
