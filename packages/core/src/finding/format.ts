// Written by `pnpm rules`, from the formats.
import type { Ecosystem } from './ecosystem.ts';

/** Archive formats that the core inspects. */
export type Format = 'gomod' | 'npm' | 'yarn-zip';

/** Where packages of a format come from: known to guards that load no reader of it. */
export const ecosystemOf: Readonly<Record<Format, Ecosystem>> = {
  gomod: 'go',
  npm: 'npm',
  'yarn-zip': 'npm',
};
