import { bun, bunx } from './bun.ts';
import type { Client } from './client.ts';
import { go } from './go.ts';
import { npm, npx } from './npm.ts';
import { pip } from './pip.ts';
import { pnpm } from './pnpm.ts';
import { bundle, gem } from './ruby.ts';
import { yarnClassic } from './yarn-classic.ts';
import { yarn } from './yarn.ts';

/** The commands that can be confined, and Yarn 1: the `yarn` command shows its version only when it runs. */
export type ClientName =
  | 'npm'
  | 'npx'
  | 'pnpm'
  | 'yarn'
  | 'yarn-classic'
  | 'pip'
  | 'pip3'
  | 'python'
  | 'python3'
  | 'gem'
  | 'bundle'
  | 'go'
  | 'bun'
  | 'bunx';

const CLIENTS_BY_NAME: Readonly<Record<ClientName, Client>> = {
  npm,
  npx,
  pnpm,
  yarn,
  'yarn-classic': yarnClassic,
  pip,
  pip3: pip,
  python: pip,
  python3: pip,
  gem,
  bundle,
  go,
  bun,
  bunx,
};

export function clientOf(name: ClientName): Client {
  return CLIENTS_BY_NAME[name];
}
