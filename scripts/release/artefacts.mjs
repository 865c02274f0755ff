// The artefacts of a release. Everything else in packages/ is bundled into these.

/**
 * @typedef {object} ReleasedPackage
 * @property {string} folder  Below packages/.
 * @property {boolean} api    Whether programs import it: then it has types.
 */

/** Packages as a manager installs them. @type {readonly ReleasedPackage[]} */
export const packages = [
  { folder: 'cli', api: false },
  { folder: 'core', api: true },
  { folder: 'pnpm-hook', api: false },
  { folder: 'server', api: false },
];

/** Single files that a manager loads, below packages/, each with its digest beside it. */
export const files = ['yarn-plugin/dist/plugin-tarwarden.cjs'];

/** The folder that a repository commits as its pnpm hook: what is in the tarball of this package. */
export const hookFolder = { folder: 'pnpm-hook', name: 'pnpm-hook' };
