/* Fetches a commit as an archive, without a checkout. The repository cannot give git an option, another protocol or a setting. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of one unpacked commit. */
const ARCHIVE_BYTES_MAX = 512 * 1024 * 1024;
/** The most bytes of any other answer of git. */
const ANSWER_BYTES_MAX = 1024 * 1024;

const PROTOCOLS = 'https:ssh:http:git:file';
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Variables about connections to hosts. Other GIT_ variables are removed: they could name another repository or program. */
const KEPT =
  /^GIT_(?:SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+|CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM))$/;

/** @throws Error for a text that is not a repository URL, or that the guard does not pass to git. */
export function repositoryUrl(repo: string): string {
  const url = repo.replace(/^git\+/, '');
  const scpLike = /^[A-Za-z0-9_][\w.-]*@[A-Za-z0-9][\w.-]*:(?!-)[^\s]+$/.test(url);
  if (scpLike) return url;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = parsed?.protocol.slice(0, -1) ?? '';
  if (!PROTOCOLS.split(':').includes(protocol) || parsed?.hostname.startsWith('-') === true)
    throw new Error('not a git URL of a protocol that is allowed (https, ssh, http, git, file)');
  return url;
}

export interface GitLimits {
  /** Milliseconds for the whole call. */
  readonly timeLimit: number;
  readonly offline: boolean;
  /** Makes an empty folder, which is removed at the end. */
  readonly makeFolder?: () => Promise<string>;
}

export interface Commit {
  readonly repo: string;
  readonly commit: string;
  readonly folder?: string;
}

/** A gzipped tar with every file of the commit's tree, even if git attributes exclude it. */
export async function fetchCommit(
  { repo, commit, folder }: Commit,
  { timeLimit, offline, makeFolder = temporaryFolder }: GitLimits,
): Promise<Buffer> {
  const url = repositoryUrl(repo);
  if (!COMMIT.test(commit)) throw new Error('not a whole commit id');
  if (offline && !url.startsWith('file:'))
    throw new Error('nothing is fetched offline, and no verdict is remembered');
  const path = folderPath(folder);
  const signal = AbortSignal.timeout(timeLimit);
  const directory = await makeFolder();
  const git = (args: readonly string[], max = ANSWER_BYTES_MAX): Promise<Buffer> =>
    runGit(['--git-dir', directory, ...args], { signal, max });
  try {
    await git(['init', '--quiet', '--bare', '--', directory]);
    // This file outranks every .gitattributes of the tree, which could hide or change files in the archive.
    await mkdir(join(directory, 'info'), { recursive: true });
    await writeFile(
      join(directory, 'info', 'attributes'),
      '* -export-ignore -export-subst -text -filter\n',
    );
    await fetchObjects(git, url, commit);
    const tree = path === '' ? commit : `${commit}:${path}`;
    const tar = await git(
      ['archive', '--format=tar', '--prefix=package/', tree],
      ARCHIVE_BYTES_MAX,
    );
    return gzipSync(tar, { level: 1 });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tarwarden-git-'));
}

/** Resolves a branch, tag or `HEAD` to a commit; undefined when the repository has no such name. */
export async function commitOf(
  repo: string,
  ref: string,
  timeLimit: number,
): Promise<string | undefined> {
  if (COMMIT.test(ref)) return ref;
  if (!/^[\w][\w./+-]*$/.test(ref)) return undefined;
  const answer = await runGit(['ls-remote', '--', repositoryUrl(repo), ref, `${ref}^{}`], {
    signal: AbortSignal.timeout(timeLimit),
    max: ANSWER_BYTES_MAX,
  });
  const commitByName = new Map<string, string>();
  for (const line of answer.toString('utf8').split('\n')) {
    const [commit = '', name = ''] = line.split('\t');
    if (COMMIT.test(commit)) commitByName.set(name, commit);
  }
  const names = [`refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/heads/${ref}`, ref];
  return names.map((name) => commitByName.get(name)).find((commit) => commit !== undefined);
}

async function fetchObjects(
  git: (args: readonly string[]) => Promise<Buffer>,
  url: string,
  commit: string,
): Promise<void> {
  const plain = ['fetch', '--quiet', '--no-tags', '--no-recurse-submodules'];
  try {
    await git([...plain, '--depth=1', '--', url, commit]);
  } catch {
    // Not every server sends a commit by its id.
    await git([...plain, '--', url, '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*']);
  }
  const resolvedCommit = await git(['rev-parse', '--verify', '--quiet', `${commit}^{commit}`]);
  if (resolvedCommit.toString('latin1').trim() !== commit)
    throw new Error('the repository has no such commit');
}

function folderPath(folder: string | undefined): string {
  const parts = (folder ?? '').split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Error('the package lies outside its repository');
  return parts.join('/');
}

function environment(): NodeJS.ProcessEnv {
  const keptVariables = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('GIT_') || KEPT.test(name),
  );
  return {
    ...Object.fromEntries(keptVariables),
    GIT_ALLOW_PROTOCOL: PROTOCOLS,
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
  };
}

function runGit(
  args: readonly string[],
  { signal, max }: { signal: AbortSignal; max: number },
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const safe = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false'];
    const child = spawn('git', [...safe, ...args], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= max) output.push(piece);
      else child.kill();
    });
    child.stderr.on('data', (piece: Buffer) => {
      if (errors.length < 64) errors.push(piece);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (size > max) reject(new Error(`git answered with more than ${max} bytes`));
      else if (code === 0) resolve(Buffer.concat(output));
      else
        reject(
          new Error(`git ended with ${code}: ${Buffer.concat(errors).toString('utf8').trim()}`),
        );
    });
  });
}
