/* Finds the lines of lockfiles that name refused packages, so that GitHub and Azure show the refusals there. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LockfileFile } from '@tarwarden/audit';
import type { ClientName } from '@tarwarden/confine';
import { pypiNameKey } from '@tarwarden/core/metadata';
import { annotate, packagesToAnnotate, type FindLine } from '@tarwarden/guard/annotations';

type Lockfile = Extract<LockfileFile, { readonly lockfile: object }>['lockfile'];
type LockedPackage = Lockfile['packages'][number];

const NPM: readonly Lockfile['kind'][] = ['npm-shrinkwrap', 'package-lock'];
const YARN: readonly Lockfile['kind'][] = ['yarn-berry', 'yarn-classic'];
const PYTHON: readonly Lockfile['kind'][] = ['requirements', 'pylock'];
const RUBY: readonly Lockfile['kind'][] = ['gemfile-lock'];

const KINDS: Readonly<Record<ClientName, readonly Lockfile['kind'][]>> = {
  npm: NPM,
  npx: NPM,
  pnpm: ['pnpm-lock'],
  yarn: YARN,
  'yarn-classic': YARN,
  bun: ['bun'],
  bunx: ['bun'],
  pip: PYTHON,
  pip3: PYTHON,
  python: PYTHON,
  python3: PYTHON,
  gem: RUBY,
  bundle: RUBY,
  go: ['go-sum'],
};

/** Arguments that may name a folder or a lockfile. */
const ARGUMENTS_MAX = 64;

export interface EndedClient {
  readonly client: ClientName;
  readonly args: readonly string[];
  /** The folder that the client ran in. Default: that of this process, which the client may have removed. */
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Annotates the packages that a client was refused. An annotation without a line is better than none. */
export async function annotateRun(ended: EndedClient): Promise<void> {
  if (packagesToAnnotate(ended.env).length === 0) return;
  annotate(ended.env, await lineFinder(ended).catch(() => undefined));
}

async function lineFinder({ client, args, cwd = process.cwd() }: EndedClient): Promise<FindLine> {
  const { lockfilesAt } = await import('@tarwarden/audit');
  const { projectFolders } = await import('@tarwarden/guard');
  const paths = [...namedPaths(args, cwd), ...projectFolders(cwd)];
  const files = [...new Set(paths)].flatMap(lockfilesAt).flatMap((file) => {
    const isRead = 'lockfile' in file && KINDS[client].includes(file.lockfile.kind);
    return isRead ? [file] : [];
  });
  return (packageName) => {
    const { name = '', version } = splitName(packageName);
    const lockedLines = files.flatMap(({ path, lockfile }) =>
      lockfile.packages
        .filter((locked) => isSameName(locked, name))
        .map((locked) => ({ file: path, line: locked.line, version: locked.version })),
    );
    // For sources whose lockfile has no version, such as git, the name has to do.
    return lockedLines.find((locked) => locked.version === version) ?? lockedLines[0];
  };
}

/** Files and folders that the arguments name: `-r requirements.txt`, `--prefix=app`. */
function namedPaths(args: readonly string[], cwd: string): string[] {
  const values = args.slice(0, ARGUMENTS_MAX).map((arg) => arg.replace(/^--?[\w-]+=/, ''));
  const paths = values.filter((value) => value !== '' && !value.startsWith('-'));
  return paths.map((path) => resolve(cwd, path)).filter((path) => existsSync(path));
}

function isSameName({ ecosystem, name }: LockedPackage, refused: string): boolean {
  if (refused === '' || ecosystem !== 'pypi') return refused !== '' && name === refused;
  return pypiNameKey(name) === pypiNameKey(refused);
}

/** The file of a wheel, an sdist or a gem, where the client does not know more. */
const ARCHIVE_FILE =
  /^(?<name>[\w.-]+?)-(?<version>\d[^-]*?)(?:-[\w.-]+)?\.(?:whl|tar\.gz|zip|gem)$/;

function splitName(packageName: string): { readonly name?: string; readonly version?: string } {
  const at = packageName.indexOf('@', 1);
  if (at > 0) return { name: packageName.slice(0, at), version: packageName.slice(at + 1) };
  return ARCHIVE_FILE.exec(packageName)?.groups ?? { name: packageName };
}
