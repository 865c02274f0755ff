import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { escapePath } from '@tarwarden/host/go';

/** How to remove `path@version` from the cache, if go would use files of it there. Undefined if there are none. */
export function removalOf(modcache: string, module: string): string | undefined {
  const at = module.lastIndexOf('@');
  const path = escapePath(module.slice(0, at));
  const version = escapePath(module.slice(at + 1));
  const folder = join(modcache, `${path}@${version}`);
  const files = join(modcache, 'cache', 'download', path, '@v', version);
  if (at < 0 || !(existsSync(folder) || existsSync(`${files}.zip`))) return undefined;
  return `"go clean -modcache" removes all of the cache; of this module, the files ${quote(`${files}.*`)} and the folder ${quote(folder)} are enough`;
}
