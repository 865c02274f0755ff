/* npm's cache: every file lies under its own hash, so that an integrity says where its bytes are. */
import { join } from 'node:path';
import { homeOf, type Variables } from '@tarwarden/settings';
import { printablePath } from '@tarwarden/core/text';
import { hasIntegrity } from '@tarwarden/host';
import { readArchiveFile } from './read.ts';
import { mismatch, type Cache } from './source.ts';

/** npm's cache of this user, where no setting says otherwise. */
export function defaultNpmCache(env: Variables): string {
  const home = homeOf(env);
  const local = env['LOCALAPPDATA'];
  return process.platform === 'win32' && local !== undefined
    ? join(local, 'npm-cache')
    : join(home, '.npm');
}

export function npmCache(folder: string): Cache {
  return {
    find({ locked: { integrity } }, report) {
      if (integrity?.type !== 'sri') return undefined;
      for (const hash of integrity.value.split(' ')) {
        const path = contentPath(folder, hash);
        const bytes = readArchiveFile(path);
        if (bytes === undefined) continue;
        if (hasIntegrity(bytes, integrity.value))
          return { bytes, from: 'npm-cache', format: 'npm' };
        report(mismatch(printablePath(path), false));
      }
      return undefined;
    },
  };
}

/** Where cacache keeps the content of a hash. */
function contentPath(folder: string, hash: string): string {
  const [algorithm = '', digest = ''] = hash.split(/-(.*)/s);
  const hex = Buffer.from(digest, 'base64').toString('hex');
  const parts = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
  return join(folder, '_cacache', 'content-v2', algorithm, ...parts);
}
