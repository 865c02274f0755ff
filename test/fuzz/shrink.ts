import { gunzipSync } from 'node:zlib';
import { gzip } from '../support/gzip.ts';
import { segmentsOf } from './mutate.ts';

/**
 * A smaller archive for which `fails` still holds: entries are left out one by one, contents are cut, as long
 * as anything goes. Where unpacking hides the failure, the archive is returned as it is.
 */
export async function shrink(
  tgz: Buffer,
  fails: (tgz: Buffer) => Promise<boolean>,
): Promise<Buffer> {
  let tar: Buffer;
  try {
    tar = gunzipSync(tgz);
  } catch {
    return tgz;
  }
  let best = gzip(tar);
  if (!(await fails(best))) return tgz;
  for (let smaller = true; smaller;) {
    smaller = false;
    const segments = segmentsOf(gunzipSync(best));
    for (let left = segments.length - 1; left >= 0; left--) {
      const rest = segments.filter((_, index) => index !== left).map(({ bytes }) => bytes);
      const candidate = gzip(Buffer.concat(rest));
      if (!(await fails(candidate))) continue;
      best = candidate;
      smaller = true;
      break;
    }
  }
  return best;
}
