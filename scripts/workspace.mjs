// What the scripts share: where the workspace is, and how its tools are run.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';

/** The repository's root, an absolute path without a trailing slash. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Workspace packages by name, as the source files that bundlers and tests take instead of the
 * built ones. tsconfig.base.json has the same list as `paths`.
 * @type {Record<string, string>}
 */
export const packageSources = {
  '@tarwarden/core': join(root, 'packages/core/src/index.ts'),
  '@tarwarden/core/formats': join(root, 'packages/core/src/formats/index.ts'),
  // What only npm's ecosystem needs, for guards that are loaded at every start.
  '@tarwarden/core/npm': join(root, 'packages/core/src/npm.ts'),
  '@tarwarden/core/text': join(root, 'packages/core/src/text/index.ts'),
  '@tarwarden/core/errors': join(root, 'packages/core/src/errors.ts'),
  // By itself, for the end of a run that loads nothing else of the core.
  '@tarwarden/core/exceptions-used': join(root, 'packages/core/src/report/exceptions-used.ts'),
  '@tarwarden/core/limits': join(root, 'packages/core/src/limits.ts'),
  '@tarwarden/core/finding': join(root, 'packages/core/src/finding/index.ts'),
  '@tarwarden/core/containers': join(root, 'packages/core/src/containers/index.ts'),
  '@tarwarden/core/tree': join(root, 'packages/core/src/tree/index.ts'),
  '@tarwarden/core/metadata': join(root, 'packages/core/src/metadata/index.ts'),
  '@tarwarden/core/policy': join(root, 'packages/core/src/policy/index.ts'),
  '@tarwarden/core/report': join(root, 'packages/core/src/report/index.ts'),
  '@tarwarden/host': join(root, 'packages/host/src/index.ts'),
  // By themselves, for what is loaded before it needs all of the host.
  '@tarwarden/host/errno': join(root, 'packages/host/src/errno.ts'),
  '@tarwarden/host/policy-file': join(root, 'packages/host/src/policy-files/policy-file.ts'),
  '@tarwarden/host/registry-fetch': join(root, 'packages/host/src/fetch/registry-fetch.ts'),
  '@tarwarden/host/report-variables': join(root, 'packages/host/src/run-report/variables.ts'),
  '@tarwarden/host/whole-run': join(root, 'packages/host/src/run-report/whole-run.ts'),
  '@tarwarden/host/cache-directory': join(
    root,
    'packages/host/src/verdict-store/cache-directory.ts',
  ),
  '@tarwarden/host/committed': join(root, 'packages/host/src/verdict-store/committed.ts'),
  '@tarwarden/host/home-folder': join(root, 'packages/host/src/home-folder.ts'),
  '@tarwarden/host/project-root': join(root, 'packages/host/src/policy-files/project-root.ts'),
  '@tarwarden/host/local-dependency': join(root, 'packages/host/src/project/local-dependency.ts'),
  '@tarwarden/host/folders-above': join(root, 'packages/host/src/project/folders-above.ts'),
  '@tarwarden/host/workspace-members': join(root, 'packages/host/src/project/workspace-members.ts'),
  '@tarwarden/host/read-bounded': join(root, 'packages/host/src/read-bounded.ts'),
  '@tarwarden/host/real-path': join(root, 'packages/host/src/project/real-path.ts'),
  '@tarwarden/host/user-policy': join(root, 'packages/host/src/policy-files/user-policy.ts'),
  '@tarwarden/host/ownership': join(root, 'packages/host/src/policy-files/ownership.ts'),
  '@tarwarden/audit': join(root, 'packages/audit/src/index.ts'),
  '@tarwarden/verdicts': join(root, 'packages/verdicts/src/index.ts'),
  '@tarwarden/registry-gateway': join(root, 'packages/registry-gateway/src/index.ts'),
  '@tarwarden/verdaccio-plugin': join(root, 'packages/verdaccio-plugin/src/index.ts'),
  '@tarwarden/sweep': join(root, 'packages/sweep/src/index.ts'),
  '@tarwarden/verdict-server': join(root, 'packages/verdict-server/src/index.ts'),
  '@tarwarden/settings': join(root, 'packages/settings/src/index.ts'),
  // By itself, for the start of npm.
  '@tarwarden/settings/npm': join(root, 'packages/settings/src/npm/index.ts'),
  // By itself, for the guard of Yarn 1, which is loaded into each Yarn.
  '@tarwarden/settings/found-files': join(root, 'packages/settings/src/found-files.ts'),
  '@tarwarden/lockfiles': join(root, 'packages/lockfiles/src/index.ts'),
  '@tarwarden/views': join(root, 'packages/views/src/index.ts'),
  '@tarwarden/confine': join(root, 'packages/confine/src/index.ts'),
  '@tarwarden/doctor': join(root, 'packages/doctor/src/index.ts'),
  '@tarwarden/gem-hook': join(root, 'packages/gem-hook/src/index.ts'),
  '@tarwarden/guarded-run/kit': join(root, 'packages/guarded-run/src/kit/index.ts'),
  '@tarwarden/guarded-run/trial-archives': join(
    root,
    'packages/guarded-run/src/trial-archives/index.ts',
  ),
  '@tarwarden/guarded-run': join(root, 'packages/guarded-run/src/index.ts'),
  '@tarwarden/bun-wrapper': join(root, 'packages/bun-wrapper/src/index.ts'),
  // By itself, for threads.
  '@tarwarden/bun-wrapper/unpack-thread': join(root, 'packages/bun-wrapper/src/unpack-thread.ts'),
  '@tarwarden/go-gateway': join(root, 'packages/go-gateway/src/index.ts'),
  '@tarwarden/go-gateway/module-path': join(root, 'packages/go-gateway/src/module-path.ts'),
  '@tarwarden/go-gateway/modules': join(root, 'packages/go-gateway/src/modules.ts'),
  '@tarwarden/inspection-service': join(root, 'packages/inspection-service/src/index.ts'),
  '@tarwarden/npm-wrapper': join(root, 'packages/npm-wrapper/src/index.ts'),
  '@tarwarden/pip-hook': join(root, 'packages/pip-hook/src/index.ts'),
  '@tarwarden/pnpm-wrapper': join(root, 'packages/pnpm-wrapper/src/index.ts'),
  '@tarwarden/yarn-classic-wrapper': join(root, 'packages/yarn-classic-wrapper/src/index.ts'),
  // Imports of the pnpm hook's own.
  '#policy': join(root, 'packages/pnpm-hook/src/inspection/policy.ts'),
  '#inspection': join(root, 'packages/pnpm-hook/src/inspection/inspection.ts'),
};

/**
 * Runs a command of node_modules/.bin at the root, its output going to ours.
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {number} The exit code; 1 when the command was ended by a signal.
 */
export function run(name, args) {
  const result = spawnSync(join(root, 'node_modules/.bin', name), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 */
export function runOrExit(name, args) {
  const code = run(name, args);
  if (code !== 0) process.exit(code);
}
