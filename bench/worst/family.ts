import type { Genes, Reader } from './genome.ts';

/** A kind of archive to search among. */
export interface Family {
  readonly genes: Genes;
  readonly format?: 'yarn-zip';
  readonly links?: 'contained';
  /** `tarwarden explain` runs as well. It has no bound. */
  readonly explained?: true;
  build(read: Reader): Uint8Array;
}

export const LEVELS = ['1', '9'] as const;
/** 50,000 headers; more makes the search slow, and the ratio limit bounds what more of the same costs. */
const MAX_TAR_BYTES = 26 * 1024 * 1024;

/** As many as asked for, but not more than the tar may hold. */
export function parts(count: number, make: (index: number) => Uint8Array): Uint8Array[] {
  const made: Uint8Array[] = [];
  let bytes = 0;
  for (let index = 0; index < count && bytes < MAX_TAR_BYTES; index++) {
    const part = make(index);
    bytes += part.length;
    made.push(part);
  }
  return made;
}
