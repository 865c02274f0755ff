/* Gets the bytes of a source, and verifies them. */
import { readFile } from 'node:fs/promises';
import { fetchTarball, hasIntegrity, type NetworkSettings } from '@tarwarden/host';
import type { Hook } from '../hook.ts';
import type { PnpmSource } from '../source.ts';

const COMMIT_MS = 300_000;
/** Time for one try of a download, in milliseconds. pnpm itself limits only the time without a byte. */
const PATIENT_MS = 1_800_000;
/** Milliseconds between two tries if pnpm waits no longer than 30 s. */
const HURRIED_PAUSE_MS = 4000;

/**
 * @param hurried Whether pnpm gives up on the calling hook after 30 s.
 * @throws Error if they cannot be read or fetched, or do not have the lockfile's integrity.
 */
export async function bytesOf(
  source: PnpmSource,
  hook: Pick<Hook, 'inspection' | 'session'>,
  hurried = false,
): Promise<Buffer> {
  const { settings, offline } = hook.session();
  if (source.kind === 'git') {
    const { archiveCommit } = await hook.inspection();
    return archiveCommit(source, { timeLimit: COMMIT_MS, offline });
  }
  const { integrity } = source;
  if (source.kind === 'file') {
    const bytes = await readFile(source.path);
    if (integrity !== undefined && !hasIntegrity(bytes, integrity))
      throw new Error(`its bytes do not have the integrity ${integrity}`);
    return bytes;
  }
  if (offline) throw new Error('pnpm is offline, and no verdict is remembered');
  return fetchTarball({
    url: source.url,
    settings: hurried ? hurry(settings) : settings,
    timeLimit: PATIENT_MS,
    ...(integrity === undefined ? { isWhole: (await hook.inspection()).isWhole } : { integrity }),
    ...(source.expected && { name: source.expected.name }),
  });
}

function hurry(settings: NetworkSettings): NetworkSettings {
  const { retryMinTimeout = HURRIED_PAUSE_MS, retryMaxTimeout = HURRIED_PAUSE_MS } = settings;
  return {
    ...settings,
    retryMinTimeout: Math.min(retryMinTimeout, HURRIED_PAUSE_MS),
    retryMaxTimeout: Math.min(retryMaxTimeout, HURRIED_PAUSE_MS),
  };
}
