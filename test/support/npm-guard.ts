/** What the npm guard's gates need around them: a user's folder of its own, and a policy in it. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

export interface NpmUser {
  readonly root: string;
  /** Writes the user's own policy file. */
  policy(policy: object | string): void;
  dispose(): void;
}

/** Points the environment at an empty home. */
export function freshNpmUser(): NpmUser {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tarwarden-npm-unit-')));
  vi.stubEnv('HOME', root);
  vi.stubEnv('XDG_CONFIG_HOME', join(root, 'config'));
  vi.stubEnv('XDG_CACHE_HOME', join(root, 'cache'));
  vi.stubEnv('TARWARDEN_NPM_STATUS', join(root, 'status'));
  vi.stubEnv('npm_config_local_prefix', undefined);
  return {
    root,
    policy(policy) {
      mkdirSync(join(root, 'config/tarwarden'), { recursive: true });
      const text = typeof policy === 'string' ? policy : JSON.stringify(policy);
      writeFileSync(join(root, 'config/tarwarden/policy.json'), text);
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}
