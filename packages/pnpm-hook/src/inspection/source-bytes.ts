/* The bytes of a source, verified. */
import { readFile } from 'node:fs/promises';
import { fetchTarball, hasIntegrity, type NetworkSettings } from '@tarwarden/host';
import type { Hook } from '../hook.ts';
import type { Source } from '../source.ts';

/** To fetch a commit. Milliseconds. */
const COMMIT_MS = 300_000;
/** For one try of a download: pnpm sets no limit but on how long no byte may come. Milliseconds. */
const PATIENT_MS = 1_800_000;
/** Between two tries where pnpm waits for no more than 30 s. Milliseconds. */
const HURRIED_PAUSE_MS = 4000;

/**
 * @param hurried pnpm gives up on the hook that asks, after 30 s.
 * @throws Error where they cannot be had, or are not those that the lockfile names.
 */
export async function bytesOf(
  source: Source,
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
