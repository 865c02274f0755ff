/* The bytes of a source, verified; and the code that judges them, loaded when there are some. */
import { readFile } from 'node:fs/promises';
import { fetchTarball, hasIntegrity, type NetworkSettings } from '@tarwarden/host';
import { session } from './session.ts';
import type { Source } from './source.ts';

/** To fetch a commit. Milliseconds. */
const COMMIT_MS = 300_000;
/** For one try of a download: pnpm sets no limit but on how long no byte may come. Milliseconds. */
const PATIENT_MS = 1_800_000;
/** Between two tries where pnpm waits for no more than 30 s. Milliseconds. */
const HURRIED_PAUSE_MS = 4000;

let loaded: Promise<typeof import('./judging.ts')> | undefined;

/** Asked once: each `import()` of a bundled file copies all that it exports. */
export function judging(): Promise<typeof import('./judging.ts')> {
  return (loaded ??= import('./judging.ts'));
}

/**
 * @param hurried pnpm gives up on the hook that asks, after 30 s.
 * @throws Error where they cannot be had, or are not those that the lockfile names.
 */
export async function bytesOf(source: Source, hurried = false): Promise<Buffer> {
  const { settings, offline } = session();
  if (source.kind === 'git') {
    const { archiveCommit } = await judging();
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
    ...(integrity === undefined ? { isWhole: (await judging()).isWhole } : { integrity }),
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
