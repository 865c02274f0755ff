import { configDefaults, defineConfig } from 'vitest/config';
import { parts } from './mutation-parts.mjs';
import { packageSources } from './workspace.mjs';

/** The unit tests of one part, for `pnpm mutate`, which names it in the environment. */
const part = parts[process.env['TARWARDEN_MUTATE'] ?? ''];

export default defineConfig({
  resolve: {
    alias: Object.entries(packageSources).map(([name, replacement]) => ({
      find: new RegExp(`^${name}$`),
      replacement,
    })),
  },
  test: {
    include: [...(part?.tests ?? [])],
    exclude: configDefaults.exclude,
    restoreMocks: true,
    unstubEnvs: true,
    // A busy machine is no reason for a change to count as noticed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
