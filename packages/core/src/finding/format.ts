// Written by `pnpm rules`, from the formats.
import type { Ecosystem } from './ecosystem.ts';

/** Archive formats that the core inspects. */
export type Format = 'gem' | 'gomod' | 'npm' | 'sdist' | 'wheel' | 'yarn-zip';

/** Where packages of a format come from: known to guards that load no reader of it. */
export const ecosystemOf: Readonly<Record<Format, Ecosystem>> = {
  gem: 'rubygems',
  gomod: 'go',
  npm: 'npm',
  sdist: 'pypi',
  wheel: 'pypi',
  'yarn-zip': 'npm',
};
