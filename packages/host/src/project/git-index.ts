import { dirname } from 'node:path';

/** Milliseconds for git to read its index. */
const GIT_MS = 20_000;
const ANSWER_BYTES_MAX = 256 * 1024 * 1024;

/** Nothing of the repository is run or followed by reading its index; its owner may be another user, as in containers. */
const SAFE = [
  'safe.directory=*',
  // Folders named HEAD, objects and refs can be committed: such a folder would pass for a repository, with an index of its own.
  'safe.bareRepository=explicit',
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
].flatMap((setting) => ['-c', setting]);

/** An index with folders left out is completed from the repository's objects, and git would ask whatever server or program the repository names for those it lacks. */
const SAFE_ENVIRONMENT = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  // The same for a git that does not know the above: there is no protocol of this name.
  GIT_ALLOW_PROTOCOL: 'none',
};

export interface TrackedEntry {
  /** Octal; `120000` for a link. */
  readonly mode: string;
  /** Relative to the folder that was asked about. */
  readonly path: string;
}

/**
 * What git tracks in a folder, ignored or not, of what a pathspec names. Undefined where no repository is around the folder,
 * or git does not answer.
 */
export function trackedEntries(
  folder: string,
  pathspec: string,
): readonly TrackedEntry[] | undefined {
  // Loaded here: it takes 3 ms, and most installs of pnpm and Yarn do not ask git.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const { status, stdout } = spawnSync(
    'git',
    [...SAFE, '-C', folder, 'ls-files', '--stage', '-z', '--', pathspec],
    {
      // Not the folder: a PATH with relative parts would find a git of the repository's own.
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
