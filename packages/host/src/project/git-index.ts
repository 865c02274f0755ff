import { dirname } from 'node:path';

/** Milliseconds for git to read its index. */
const GIT_MS = 20_000;
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** Reading the index must not run or follow anything of the repository. Its owner may be another user, as in containers. */
const SAFE = [
  'safe.directory=*',
  // A repository can commit folders named HEAD, objects and refs. Git would take such a folder for a repository with its own index.
  'safe.bareRepository=explicit',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
].flatMap((setting) => ['-c', setting]);

/** If the index leaves out folders, git would ask any server or program that the repository names for missing objects. */
const SAFE_ENVIRONMENT = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  // The same for a git that ignores the variable above: no protocol has this name.
  GIT_ALLOW_PROTOCOL: 'none',
};

export interface TrackedEntry {
  /** Octal; `120000` for a link. */
  readonly mode: string;
  /** Relative to the given folder. */
  readonly path: string;
}

/** The entries that git tracks in a folder under a pathspec. Undefined without a repository, or if git does not answer. */
export function trackedEntries(
  folder: string,
  pathspec: string,
): readonly TrackedEntry[] | undefined {
  // Loaded here: it takes 3 ms, and most installs of pnpm and Yarn never ask git.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const { status, stdout } = spawnSync(
    'git',
    [...SAFE, '-C', folder, 'ls-files', '--stage', '-z', '--', pathspec],
    {
      // Not the project's folder: a PATH with relative parts would find a git of the repository's own.
      cwd: dirname(process.execPath),
      env: { ...Object.fromEntries(kept), ...SAFE_ENVIRONMENT },
      encoding: 'utf8',
      timeout: GIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: ANSWER_BYTES_MAX,
    },
  );
  if (status !== 0) return undefined;
  return stdout
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({
      mode: line.slice(0, line.indexOf(' ')),
      path: line.slice(line.indexOf('\t') + 1),
    }));
}
