/* The bytes of a source, verified; and the code that judges them, loaded when there are some. */
import { readFile } from 'node:fs/promises';
import { fetchTarball, hasIntegrity } from '@tarwarden/core/host';
import { session } from './session.ts';
import type { Source } from './source.ts';

/** For one download where pnpm sets no limit. Milliseconds. */
const PATIENT_MS = 300_000;

let loaded: Promise<typeof import('./judging.ts')> | undefined;

/** Asked once: each `import()` of a bundled file copies all that it exports. */
export function judging(): Promise<typeof import('./judging.ts')> {
  return (loaded ??= import('./judging.ts'));
}

/** @throws Error where they cannot be had, or are not those that the lockfile names. */
export async function bytesOf(source: Source): Promise<Buffer> {
  const { settings, offline } = session();
  if (source.kind === 'git') {
    const { archiveCommit } = await judging();
    return archiveCommit(source, { timeLimit: PATIENT_MS, offline });
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
    settings,
    timeLimit: PATIENT_MS,
    ...(integrity !== undefined && { integrity }),
    ...(source.expected && { name: source.expected.name }),
  });
}
