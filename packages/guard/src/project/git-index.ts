import { dirname, isAbsolute, posix } from 'node:path';

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
  const { status, stdout } = askGit(folder, ['ls-files', '--stage', '-z', '--', pathspec]);
  if (status !== 0) return undefined;
  return stdout
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => ({
      mode: line.slice(0, line.indexOf(' ')),
      path: line.slice(line.indexOf('\t') + 1),
    }));
}

/** A path that `git add` leaves out, and the line of an ignore file that says so. */
export interface IgnoredPath {
  readonly path: string;
  /** The ignore file. It is relative to the given folder if it belongs to the repository. */
  readonly file: string;
  readonly line: number;
  readonly pattern: string;
}

/**
 * The paths that git ignores, by the ignore files of the repository and of the user. A path that git tracks already is not ignored.
 * @param paths Relative to the folder. A folder's path ends with `/`.
 * @returns Undefined without a repository, or if git does not answer.
 */
export function ignoredPaths(
  folder: string,
  paths: readonly string[],
): readonly IgnoredPath[] | undefined {
  const { status, stdout } = askGit(folder, ['check-ignore', '--verbose', '-z', '--stdin'], paths);
  const { status: prefixStatus, stdout: prefix } = askGit(folder, ['rev-parse', '--show-prefix']);
  // 1: git ignores none of them.
  if ((status !== 0 && status !== 1) || prefixStatus !== 0) return undefined;
  const fields = stdout.split('\0');
  const ignored: IgnoredPath[] = [];
  for (let index = 0; index + 4 < fields.length; index += 4) {
    const [file = '', line, pattern = '', path = ''] = fields.slice(index, index + 4);
    // The last line that matches decides. With `!` it takes the path back in.
    if (pattern.startsWith('!')) continue;
    // git names its files from the top of the repository.
    const ignoreFile = isAbsolute(file) ? file : posix.relative(prefix.replace(/\n$/, ''), file);
    ignored.push({ path, file: ignoreFile, line: Number(line), pattern });
  }
  return ignored;
}

function askGit(
  folder: string,
  question: readonly string[],
  input: readonly string[] = [],
): { readonly status: number | null; readonly stdout: string } {
  // Loaded here: it takes 3 ms, and most installs of pnpm and Yarn never ask git.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const keptVariables = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  return spawnSync('git', [...SAFE, '-C', folder, ...question], {
    // Not the project's folder: a PATH with relative parts would find a git of the repository's own.
    cwd: dirname(process.execPath),
    env: { ...Object.fromEntries(keptVariables), ...SAFE_ENVIRONMENT },
    encoding: 'utf8',
    timeout: GIT_MS,
    input: input.map((path) => `${path}\0`).join(''),
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: ANSWER_BYTES_MAX,
  });
}
