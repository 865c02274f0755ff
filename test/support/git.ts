/** A git repository in a folder, for `git+file:` dependencies. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface GitRepoOptions {
  /** Links to commit: target by path. */
  symlinks?: Readonly<Record<string, string>>;
}

export interface GitRepo {
  dir: string;
  /** `git+file://…#<commit>` */
  spec: string;
  /** `file://…` */
  url: string;
  commit: string;
}

/** A lockfile by which Yarn knows that the repository is packed by itself, not by Yarn classic. */
export const EMPTY_YARN_LOCK = '__metadata:\n  version: 6\n';

const FIXED = '2020-01-01T00:00:00Z';

/** Makes `dir` a repository with one commit of the files given, on branch `main`. */
export function makeGitRepo(
  dir: string,
  files: Readonly<Record<string, string | object>>,
  options: GitRepoOptions = {},
): GitRepo {
  const env = {
    PATH: process.env['PATH'],
    HOME: dir,
    GIT_CONFIG_GLOBAL: join(dir, '.git', 'no-such-config'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.invalid',
    GIT_AUTHOR_DATE: FIXED,
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.invalid',
    GIT_COMMITTER_DATE: FIXED,
  };
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: dir, env, encoding: 'utf8' }).trim();
  mkdirSync(dir, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(
      join(dir, path),
      typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`,
    );
  }
  for (const [path, target] of Object.entries(options.symlinks ?? {})) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    symlinkSync(target, join(dir, path));
  }
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Fixture');
  const commit = git('rev-parse', 'HEAD');
  const url = pathToFileURL(dir).href;
  return { dir, url, commit, spec: `git+${url}#${commit}` };
}
