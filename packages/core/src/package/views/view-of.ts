import { Landing } from './landing.ts';
import { lenientGunzip } from './lenient-gzip.ts';
import { walkTar } from './lenient-tar.ts';
import { MODELS } from './managers.ts';
import type { View, Viewer } from './view.ts';

const EMPTY_MANIFEST = '{}';

/**
 * What a manager would unpack from the bytes of a package archive, going by its model. Pure and bounded; it models the
 * unpacking alone, not what a manager thinks of package.json.
 */
export function viewOf(viewer: Viewer, bytes: Uint8Array): View {
  const none = { viewer, files: [], lost: [] };
  const model = MODELS[viewer];
  const unzipped = lenientGunzip(bytes, model.gzip);
  if ('error' in unzipped) return { ...none, outcome: 'error', note: unzipped.error };
  if (unzipped.tooLarge === true)
    return { ...none, outcome: 'unknown', note: 'it is larger than what is modelled' };
  const walked = walkTar(unzipped.tar, model.dialect);
  const landing = new Landing();
  for (const { path, why } of walked.skipped) landing.lose(path, why);
  for (const entry of walked.entries) {
    const error = model.land(entry, landing);
    if (error !== undefined) return { ...none, outcome: 'error', note: error };
  }
  if (walked.entries.length === 0)
    return { ...none, outcome: 'error', note: 'there is no entry in it' };
  if (walked.error !== undefined) return { ...none, outcome: 'error', note: walked.error };
  if (viewer === 'pnpm-12' && landing.get('package.json') === undefined)
    landing.file('package.json', Buffer.from(EMPTY_MANIFEST), 0o644);
  return { viewer, outcome: 'installs', files: landing.files, lost: landing.lost, note: '' };
}

/** The tar inside an archive, as the most forgiving reader opens it; empty where none does. */
export function unzippedFor(bytes: Uint8Array): Buffer {
  const forgiving = { members: 'all', trailing: 'any', trailer: 'unchecked' } as const;
  const unzipped = lenientGunzip(bytes, { ...forgiving, headerChecksum: 'skipped' });
  return 'tar' in unzipped ? unzipped.tar : Buffer.alloc(0);
}
