import { gzipHeader } from '../../containers/gzip/header.ts';
import { inflateRaw } from '../../containers/gzip/inflate.ts';
import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { centralHeaders, headerName } from '../../containers/zip/directory.ts';
import { endRecord } from '../../containers/zip/end-record.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { containerOf, promisedBy } from './container.ts';

/** Names that only pip takes. */
const OF_PIP_ALONE = /\.(?:tar\.bz2|tbz|tar\.xz|txz|tlz|tar\.lz|tar\.lzma)$/i;
/** The metadata file of pip or of npm, in the first folder. */
const PATH = /^[^/]+\/(PKG-INFO|package\.json)$/;
const TARBALL = /\.(?:tar\.gz|tgz|tar)$/i;

/**
 * Whether a file is most likely an sdist: by a name that npm does not use, or else by a PKG-INFO right below the first folder, where
 * a tarball of npm has its package.json.
 */
export function isSdist(fileName: string, bytes: Buffer): boolean {
  if (OF_PIP_ALONE.test(fileName)) return true;
  if (/\.zip$/i.test(fileName)) return containerOf(bytes) === 'zip' && hasPkgInfoInZip(bytes);
  if (!TARBALL.test(fileName)) return false;
  const container = containerOf(bytes);
  const promised = promisedBy(fileName)?.includes(container) === true;
  return promised && hasPkgInfo(bytes, container === 'gzip');
}

function hasPkgInfoInZip(bytes: Buffer): boolean {
  const ignored = (): void => undefined;
  const end = endRecord(bytes, COMMON_ZIP, ignored);
  if (end === undefined) return false;
  const found = new Set<string>();
  for (const header of centralHeaders(bytes, end, ignored)) {
    const [, name] = PATH.exec(headerName(header).toString('latin1')) ?? [];
    if (name !== undefined) found.add(name);
  }
  return found.has('PKG-INFO') && !found.has('package.json');
}

// Stop at the first of the two files: most tarballs of npm begin with package.json, so little is read twice.
function hasPkgInfo(bytes: Buffer, isPacked: boolean): boolean {
  const found = new Set<string>();
  const reader = new TarReader(
    {
      entry({ path }) {
        const [, name] = PATH.exec(path) ?? [];
        if (name !== undefined) found.add(name);
        reader.stopped ||= found.has('package.json') || path.startsWith('package/');
        return false;
      },
      body: () => undefined,
      anomaly: () => undefined,
    },
    DEFAULT_LIMITS,
  );
  const { unpackedBytes } = DEFAULT_LIMITS;
  const take = (piece: Buffer): boolean => {
    reader.push(piece);
    return !reader.stopped && reader.position < unpackedBytes;
  };
  const { end } = isPacked ? gzipHeader(bytes) : { end: -1 };
  if (!isPacked) take(bytes);
  else if (end >= 0) inflateRaw(bytes, end, take, { maxBytes: unpackedBytes });
  return found.has('PKG-INFO') && !found.has('package.json') && !reader.stopped;
}
