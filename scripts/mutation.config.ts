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
    testTimeout: 30_000,
  },
});
