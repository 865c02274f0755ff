/* A store that nothing enters uninspected, beside the user's: what is in it was not put there by another program. */
import { join } from 'node:path';
import { cacheDirectory, makePrivateDirectory } from '@tarwarden/host/cache-directory';
import type { Messages } from './messages.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';

/** Sets it where the user's environment asks for it. False where pnpm's own is used. */
export function useOwnStore(config: PnpmConfig, messages: Pick<Messages, 'warn'>): boolean {
  if (process.env['TARWARDEN_PNPM_STORE'] !== 'own') return false;
  const directory = join(cacheDirectory(process.env), 'pnpm-store');
  if (makePrivateDirectory(directory)) {
    config['storeDir'] = directory;
    return true;
  }
  messages.warn('no store of its own: its folder cannot be made, or is not private');
  return false;
}
