/** How a project comes under the guard of its manager, for installs of many packages at once. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository, type ManagerName } from '../../support/managers.ts';
import type { Sandbox } from '../../support/sandbox.ts';

/** What is done for an install besides package.json. */
export interface SetUp {
  readonly env?: NodeJS.ProcessEnv;
  /** Called when package.json is written. */
  readonly before?: (sandbox: Sandbox) => void;
}

/** The files of the guards. */
export interface Bundles {
  readonly preload: string;
  readonly hook: string;
  readonly plugin: string;
  readonly classic: string;
}

const built = (path: string): string => join(repository, 'packages', path);

export const BUILT: Bundles = {
  preload: built('npm-wrapper/dist/preload.cjs'),
  hook: built('pnpm-hook/dist/index.cjs'),
  plugin: built('yarn-plugin/dist/plugin-tarwarden.cjs'),
  classic: built('yarn-classic-wrapper/dist/preload.cjs'),
};

const npm = ({ preload }: Bundles): SetUp => ({ env: { NODE_OPTIONS: `--require ${preload}` } });

const yarnClassic = ({ classic }: Bundles): SetUp => ({
  env: { NODE_OPTIONS: `--require ${classic}` },
});

const pnpm = ({ hook }: Bundles): SetUp => ({
  before: (sandbox) =>
    sandbox.write({ '.pnpmfile.cjs': `module.exports = require(${JSON.stringify(hook)})\n` }),
});

const yarn = ({ plugin }: Bundles): SetUp => ({
  before(sandbox) {
    const folder = join(sandbox.project, '.yarn/plugins');
    const name = basename(plugin);
    mkdirSync(folder, { recursive: true });
    copyFileSync(plugin, join(folder, name));
    sandbox.write({
      'yarn.lock': '',
      '.yarnrc.yml': `nodeLinker: node-modules\nplugins: ["./.yarn/plugins/${name}"]\ntarwardenRequired: true\n`,
    });
  },
});

const GUARDS: Partial<Record<ManagerName, (bundles: Bundles) => SetUp>> = {
  'npm-10': npm,
  'npm-11': npm,
  'npm-12': npm,
  'pnpm-10': pnpm,
  'pnpm-11': pnpm,
  'pnpm-12': pnpm,
  'yarn-1': yarnClassic,
  'yarn-3': yarn,
  'yarn-4': yarn,
};

/** Every manager that has a guard. */
export const GUARDED = Object.keys(GUARDS) as readonly ManagerName[];

/** What puts a manager's project under its guard; undefined where it has none. */
export function guardSetUp(manager: ManagerName, bundles: Bundles = BUILT): SetUp | undefined {
  return GUARDS[manager]?.(bundles);
}
