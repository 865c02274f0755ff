/** The ecosystem of each format. It is in this file so that a guard can look it up without loading a reader. */
export const ecosystemOf = {
  gem: 'rubygems',
  gomod: 'go',
  npm: 'npm',
  sdist: 'pypi',
  wheel: 'pypi',
  'yarn-zip': 'npm',
} as const;

/** Archive formats that the core inspects. */
export type Format = keyof typeof ecosystemOf;

/** The registry, with its clients, that packages of a format come from. */
export type Ecosystem = (typeof ecosystemOf)[Format];
