import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printablePath } from '@tarwarden/core/text';
import { feedSource } from './feed.ts';
import { folderSource, verdaccioSource } from './folder.ts';
import { listSource } from './list.ts';
import { SourceError, type SweepSource } from './source.ts';

/**
 * Opens a source: `list:FILE`, `folder:FOLDER`, `verdaccio:FOLDER` or `feed:ADDRESS`.
 * @param from The start of a feed that was never read.
 * @throws SourceError
 */
export async function openSource(text: string, from = '0'): Promise<SweepSource> {
  const [, kind, where = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  switch (kind) {
    case 'list':
      return listSource(await existing(where, 'file'));
    case 'folder':
      return folderSource(await existing(where, 'folder'));
    case 'verdaccio':
      return verdaccioSource(await existing(where, 'folder'));
    case 'feed':
      return feedSource({ url: feedAddress(where), from });
    default:
      throw new SourceError(
        'give list:FILE, folder:FOLDER, verdaccio:FOLDER or feed:ADDRESS as the source',
      );
  }
}

async function existing(path: string, kind: 'file' | 'folder'): Promise<string> {
  const full = resolve(path);
  const facts = await stat(full).catch(() => undefined);
  const isRight = kind === 'file' ? facts?.isFile() : facts?.isDirectory();
  if (isRight !== true) throw new SourceError(`${printablePath(full)} is not a ${kind}`);
  return full;
}

function feedAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === '' && url.password === '' && url.search === '';
  if (url === undefined || !isPlain || !/^https?:$/.test(url.protocol))
    throw new SourceError('the feed must be an http or https address without a user or query');
  return url;
}
