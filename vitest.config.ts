import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { CountsReporter } from './scripts/counts-reporter.ts';
import { packageSources } from './scripts/workspace.mjs';
import { programTags } from './test/support/requirements.ts';

const second = 1000;

/** Vitest leaves one core to itself, which on two cores is half of them, and needs next to nothing of it. */
const maxWorkers = Math.max(2, availableParallelism() - 1);

const slow = ['test/{unit,property}/**/*.slow.test.ts'];
const pure = [
  'test/unit/{clients/lockfiles,containers,core,explain,metadata,policy,report,rules,text,tree}/**/*.test.ts',
  'test/unit/structure*.test.ts',
];

/** The end-to-end tests of the quick suite: each client in test/clients gets a hostile and a clean package. */
const smoke = [
  'test/e2e/verify/{npm,yarn,unguarded}.test.ts',
  'test/e2e/cli/{command,scan,allow}.test.ts',
];

export default defineConfig({
  resolve: {
    alias: Object.entries(packageSources).map(([name, replacement]) => ({
      find: new RegExp(`^${name}$`),
      replacement,
    })),
  },
  test: {
    reporters: ['default', new CountsReporter()],
    globalSetup: 'test/support/temporary-folder.ts',
    tags: [...programTags],
    restoreMocks: true,
    unstubEnvs: true,
    // What is waited for comes later on a machine that has other things to do.
    expect: { poll: { timeout: 20 * second } },
    projects: [
      {
        // Pure code: the files of a worker share what they import, which takes longer than most of the tests.
        extends: true,
        test: {
          name: 'pure',
          include: pure,
          exclude: slow,
          isolate: false,
          testTimeout: 30 * second,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'],
          exclude: [...pure, ...slow],
          testTimeout: 30 * second,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // What takes seconds: large archives, threads, every attack unpacked, programs that are started.
        extends: true,
        test: {
          name: 'slow',
          include: slow,
          testTimeout: 30 * second,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'differential',
          include: ['test/differential/**/*.test.ts'],
          testTimeout: 120 * second,
          hookTimeout: 120 * second,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Runs built artefacts with real package managers, so it needs `pnpm build` first.
        extends: true,
        test: {
          name: 'smoke',
          include: smoke,
          testTimeout: 300 * second,
          hookTimeout: 300 * second,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: smoke,
          setupFiles: 'test/support/turns.ts',
          testTimeout: 300 * second,
          hookTimeout: 300 * second,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
