/*
 * A distribution fixes holes without changing the version. Debian's changelogs say which holes a package has fixed. For other
 * distributions that is not known. So for a file of a distribution's package, the version alone proves nothing.
 */
import { existsSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readBounded } from '@tarwarden/host';
import { realPathOf, type LocalMachine } from './machine.ts';

export interface OwningPackage {
  readonly name: string;
  /** The text of its changelog. Undefined if it has none, or none that can be read. */
  readonly changelog: string | undefined;
}

export interface Distribution {
  /** The distribution's package that owns a file. */
  ownerOf(file: string): Promise<OwningPackage | undefined>;
}

interface Database {
  readonly program: string;
  readonly args: (file: string) => readonly string[];
  /** Matches the package in the output. */
  readonly owner: RegExp;
}

const DEBIAN: Database = {
  program: '/usr/bin/dpkg-query',
  args: (file) => ['-S', '--', file],
  // "diversion by …" lines name no owner.
  owner: /^(?!diversion )([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?(?:, [^:\n]+)?: \//m,
};

const OTHERS: readonly Database[] = [
  { program: '/usr/bin/rpm', args: (file) => ['-qf', '--', file], owner: /^(\S+)$/m },
  { program: '/sbin/apk', args: (file) => ['info', '--who-owns', file], owner: / owned by (\S+)/ },
  { program: '/usr/bin/pacman', args: (file) => ['-Qo', '--', file], owner: / owned by (\S+)/ },
];

const CHANGELOG_BYTES_MAX = 8 * 1024 * 1024;
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

export function distributionOf(
  machine: LocalMachine,
  documentation = '/usr/share/doc',
): Distribution {
  const known = new Map<string, Promise<OwningPackage | undefined>>();
  return {
    async ownerOf(file) {
      const found = known.get(file) ?? owner(machine, file, documentation);
      known.set(file, found);
      return found;
    },
  };
}

async function owner(
  machine: LocalMachine,
  file: string,
  documentation: string,
): Promise<OwningPackage | undefined> {
  if (machine.platform !== 'linux') return undefined;
  const debian = await ask(machine, DEBIAN, file);
  if (debian !== undefined) return { name: debian, changelog: changelogOf(debian, documentation) };
  for (const database of OTHERS) {
    const name = await ask(machine, database, file);
    if (name !== undefined) return { name, changelog: undefined };
  }
  return undefined;
}

/** A package may list a file by a path with a link in it, such as /bin. */
async function ask(
  machine: LocalMachine,
  { program, args, owner: pattern }: Database,
  file: string,
): Promise<string | undefined> {
  if (!existsSync(program)) return undefined;
  for (const path of new Set([file, realPathOf(file) ?? file])) {
    const name = pattern.exec((await machine.run(program, args(path))) ?? '')?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

function changelogOf(name: string, documentation: string): string | undefined {
  for (const file of ['changelog.Debian.gz', 'changelog.gz']) {
    try {
      const { bytes } = readBounded(`${documentation}/${name}/${file}`, {
        bytesMax: CHANGELOG_BYTES_MAX,
        follow: true,
      });
      if (bytes === undefined) continue;
      return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }).toString('utf8');
    } catch {
      // There is no such changelog, or it cannot be read.
    }
  }
  return undefined;
}

/** Whether a changelog names one of these ids as a whole word. */
export function namesAnyId(changelog: string, ids: readonly string[]): boolean {
  return ids.some((id) =>
    new RegExp(`(?<![\\w-])${id.replaceAll(/[^\w-]/g, '\\$&')}(?![\\w-])`, 'i').test(changelog),
  );
}
