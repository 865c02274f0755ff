import { defineConfig } from 'vitest/config';
import { CountsReporter } from './scripts/counts-reporter.ts';
import { packageSources } from './scripts/workspace.mjs';

const second = 1000;

export default defineConfig({
  resolve: {
    alias: Object.entries(packageSources).map(([name, replacement]) => ({
      find: new RegExp(`^${name}$`),
      replacement,
    })),
  },
  test: {
    reporters: ['default', new CountsReporter()],
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'],
          testTimeout: 30 * second,
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
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300 * second,
          hookTimeout: 300 * second,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
