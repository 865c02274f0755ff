import type { Client } from './client.ts';
import { go } from './go.ts';
import { npm, npx } from './npm.ts';
import { pip } from './pip.ts';
import { pnpm } from './pnpm.ts';
import { bundle, gem } from './ruby.ts';
import { yarn } from './yarn.ts';

/** Commands of tarwarden that can be confined. */
export type ClientName =
  | 'npm'
  | 'npx'
  | 'pnpm'
  | 'yarn'
  | 'pip'
  | 'pip3'
  | 'python'
  | 'python3'
  | 'gem'
  | 'bundle'
  | 'go';

/** By the name of the program, which is what the user types. */
const CLIENTS_BY_NAME: Readonly<Record<ClientName, Client>> = {
  npm,
  npx,
  pnpm,
  yarn,
  pip,
  pip3: pip,
  python: pip,
  python3: pip,
  gem,
  bundle,
  go,
};

export function clientOf(name: ClientName): Client {
  return CLIENTS_BY_NAME[name];
}
