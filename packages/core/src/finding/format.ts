/** The ecosystem of each format. It stands here so that a guard can ask for it without loading a reader. */
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
