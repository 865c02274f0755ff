// The parts of a mutation run: the code that decides what is installed, and the unit tests that have to
// notice a change in it.

/**
 * @typedef {object} Part
 * @property {readonly string[]} sources Files that are changed, as patterns; `!` leaves some out.
 * @property {readonly string[]} tests Test files that are run, as patterns. Few: a change elsewhere costs no time.
 */

/** @type {Record<string, Part>} */
export const parts = {
  'core-policy': {
    sources: ['packages/core/src/policy/*.ts'],
    tests: ['test/unit/policy/*.test.ts', 'test/unit/core/digest.test.ts'],
  },
  'core-tree': {
    // Tables are data of others, held against their source elsewhere.
    sources: ['packages/core/src/tree/*.ts', '!packages/core/src/tree/*-table.ts'],
    tests: ['test/unit/tree/*.test.ts', 'test/unit/metadata/*.test.ts'],
  },
  'core-metadata': {
    sources: ['packages/core/src/metadata/*.ts'],
    tests: ['test/unit/metadata/*.test.ts'],
  },
  explain: {
    sources: ['packages/explain/src/readers/*.ts'],
    tests: ['test/unit/explain/*.test.ts'],
  },
  unpack: {
    sources: ['packages/guard/src/unpack/*.ts'],
    // Not unpack.test.ts, which unpacks every attack: each change would cost seconds.
    tests: ['test/unit/guard/unpack/unpack-*.test.ts'],
  },
  trust: {
    sources: ['own-file', 'project-root', 'read-policies'].map(
      (name) => `packages/guard/src/policy/${name}.ts`,
    ),
    tests: ['own-file', 'project-root', 'manager-settings', 'policy-file'].map(
      (name) => `test/unit/guard/policy/${name}.test.ts`,
    ),
  },
  run: {
    sources: ['packages/guard/src/run/*.ts', 'packages/guard/src/refusal/*.ts'],
    tests: ['test/unit/guard/run/*.test.ts'],
  },
  'pnpm-wrapper': {
    sources: [
      'packages/clients/src/pnpm/command-line.ts',
      'packages/pnpm-hook/src/wrapper/wrapper.ts',
    ],
    tests: ['test/unit/pnpm-hook/wrapper/*.test.ts'],
  },
  'pnpm-gates': {
    sources: [
      'project/lockfile-graph',
      'settings/foreign-settings',
      'settings/runtimes',
      'config-dependencies/config-dependencies',
      'pnpmfiles/other-pnpmfiles',
    ].map((name) => `packages/pnpm-hook/src/${name}.ts`),
    tests: [
      'lockfile-graph',
      'foreign-settings',
      'runtimes',
      'config-dependencies*',
      'other-pnpmfiles',
      'source',
      'optional',
    ].map((name) => `test/unit/pnpm-hook/${name}.test.ts`),
  },
  npm: {
    sources: [
      'packages/npm-wrapper/src/hooks.ts',
      'packages/npm-wrapper/src/unpack.ts',
      'packages/npm-wrapper/src/npm-guard.ts',
      'packages/npm-wrapper/src/pacote.ts',
      'packages/npm-wrapper/src/arborist.ts',
      'packages/npm-wrapper/src/exit.ts',
      'packages/npm-wrapper/src/shrinkwraps.ts',
    ],
    tests: ['hooks', 'unpack', 'npm-guard', 'pacote', 'arborist', 'exit', 'shrinkwraps'].map(
      (name) => `test/unit/npm-wrapper/${name}.test.ts`,
    ),
  },
  pnpm: {
    sources: [
      'packages/pnpm-hook/src/gates/gates.ts',
      'packages/pnpm-hook/src/handoff/handoff.ts',
      'packages/pnpm-hook/src/gates/resolvers.ts',
      'packages/pnpm-hook/src/refusals.ts',
      'packages/pnpm-hook/src/inspection/guard.ts',
      'packages/pnpm-hook/src/inspection/source-inspector.ts',
    ],
    tests: ['gates*', 'handoff*', 'resolvers', 'refusals', 'guard*'].map(
      (name) => `test/unit/pnpm-hook/${name}.test.ts`,
    ),
  },
  'yarn-links': {
    sources: ['packages/yarn-plugin/src/links.ts'],
    tests: ['test/unit/yarn-plugin/links.test.ts'],
  },
  yarn: {
    sources: [
      'archives',
      'arm',
      'fetches',
      'downloads',
      'guard',
      'guards',
      'intercepts',
      'tarballs',
    ].map((name) => `packages/yarn-plugin/src/${name}.ts`),
    // Not those of the settings: Stryker runs tests in threads, which have no home folder of their own.
    tests: ['archives*', 'arm', 'git-folder', 'github', 'guard*', 'tarballs'].map(
      (name) => `test/unit/yarn-plugin/${name}.test.ts`,
    ),
  },
};
