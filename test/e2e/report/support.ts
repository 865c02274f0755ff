import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute, type Result } from '../../support/execute.ts';
import { envFor, repository } from '../../support/managers.ts';
import { guardedManagers, type World } from '../policy/world.ts';

export const program: string = join(repository, 'packages/cli/bin/tarwarden.js');

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

/** With TARWARDEN_E2E_FULL=1 every manager; else those whose ways of loading a guard differ. */
export const reportingManagers: typeof guardedManagers = guardedManagers.filter(
  (name) => full || /^(?:npm-12|pnpm-12|yarn-4)$/.test(name),
);

export interface Line {
  readonly type: 'archive' | 'summary';
  readonly run: string;
  readonly mode: string;
  readonly package: string;
  readonly status: string;
  readonly refused: boolean | number;
  readonly remembered: boolean | number;
  readonly findings: readonly { readonly rule: string }[];
  readonly [key: string]: unknown;
}

/** The lines of a report; none where there is no file. */
export function linesOf(file: string): Line[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** `tarwarden <manager> install` in a world whose manager is also set up by itself. */
export function wrapped(world: World, env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const { manager, sandbox } = world;
  const [name = ''] = manager.split('-');
  const more: Readonly<Record<string, string>> = {
    npm: '--no-audit',
    pnpm: '--no-frozen-lockfile',
    yarn: '--no-immutable',
  };
  return execute(process.execPath, [program, name, 'install', more[name]!], {
    cwd: sandbox.project,
    env: { ...envFor(manager, { sandbox }), ...env },
  });
}
