/* What bun.lock says of the bytes of its packages. */
import { join } from 'node:path';
import { readBounded } from '@tarwarden/host';
import { readLockfile } from '@tarwarden/lockfiles';

/** As large as a lockfile may be. */
const BYTES_MAX = 128 * 1024 * 1024;

export interface Locked {
  /** As it lies there; undefined where there is none. */
  readonly text: string | undefined;
  /** Integrity by name and version, address or path, joined by `@`. Several where the file contradicts itself. */
  readonly integrities: ReadonlyMap<string, readonly string[]>;
  /** Packages that are not folders of the project. */
  readonly packages: number;
}

/** The lockfile of a folder. @throws Error where it is there and cannot be read to its end. */
export function readLocked(folder: string): Locked {
  const text = textOf(join(folder, 'bun.lock'));
  const integrities = new Map<string, string[]>();
  if (text === undefined) return { text, integrities, packages: 0 };
  const { packages, problems } = readLockfile('bun.lock', text);
  const [problem] = problems;
  if (problem !== undefined)
    throw new Error(`bun.lock is not understood: line ${problem.line}: ${problem.message}`);
  const fetched = packages.filter(({ source }) => !['workspace', 'folder'].includes(source.type));
  for (const { name, version, source, integrity } of fetched) {
    if (integrity?.type !== 'sri') continue;
    const rest =
      source.type === 'url' ? source.url : source.type === 'file' ? source.path : version;
    const key = `${name}@${rest}`;
    integrities.set(key, [...(integrities.get(key) ?? []), integrity.value]);
  }
  return { text, integrities, packages: fetched.length };
}

function textOf(path: string): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: BYTES_MAX, follow: true });
    if (bytes === undefined) throw new Error('bun.lock is too large, or not a file');
    return bytes.toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
