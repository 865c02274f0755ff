/**
 * Hostile sdists, each built from code for a project of any name. Links lead to `target`; `files` are in every archive, so that a
 * test can have it built by a backend that leaves a trace.
 */
import { containers, hiddenZips } from './sdist-containers.ts';
import { links } from './sdist-links.ts';
import { gathered, type ArchiveCase, type SdistTarget } from './sdist-maker.ts';
import { zips } from './sdist-zips.ts';
import { identity, places, structure } from './sdist-places.ts';

export { cleanSdists } from './sdist-clean.ts';
export type { ArchiveCase, SdistTarget } from './sdist-maker.ts';

export function sdistAttacks(to: SdistTarget = {}): ArchiveCase[] {
  return gathered(to, (make, add) => {
    hiddenZips(make, add);
    links(make, add);
    places(make, add);
    structure(make, add);
    identity(make, add);
    containers(make, add);
    zips(make, add);
  });
}
