/* npm's cache keeps every file under its own hash, so an integrity says where its bytes are. */
import { join } from 'node:path';
import { homeOf, type Variables } from '@tarwarden/settings';
import { printablePath } from '@tarwarden/core/text';
import { hasIntegrity } from '@tarwarden/host';
import { readArchiveFile } from './read.ts';
import { mismatch, type ByteCache } from './source.ts';

/** The folder of npm's cache if no setting names another one. */
export function defaultNpmCache(env: Variables): string {
  const home = homeOf(env);
  const local = env['LOCALAPPDATA'];
  return process.platform === 'win32' && local !== undefined
    ? join(local, 'npm-cache')
    : join(home, '.npm');
}

export function npmCache(folder: string): ByteCache {
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

/** The path at which cacache keeps the content of a hash. */
function contentPath(folder: string, hash: string): string {
  const [algorithm = '', digest = ''] = hash.split(/-(.*)/s);
  const hex = Buffer.from(digest, 'base64').toString('hex');
  const parts = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
  return join(folder, '_cacache', 'content-v2', algorithm, ...parts);
}
