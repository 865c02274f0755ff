/* Reads the source of a package from a specifier of npm, pnpm, Yarn or bun. */
import type { GitSource, PackageSource } from './lockfile.ts';

export function isHttp(spec: string): boolean {
  return /^https?:/i.test(spec);
}

/** Matches repositories that are fetched by git, including short names such as `github:`. */
export function isGitSpec(spec: string): boolean {
  return (
    /^(?:git(?:\+[a-z]+)?:|(?:github|gitlab|bitbucket|gist):|ssh:|git@)/i.test(spec) ||
    /^https?:[^#]+\.git(?:#|$)/i.test(spec) ||
    /^[\w.-]+\/[\w.-]+#[^/]*$/.test(spec)
  );
}

export function isArchivePath(path: string): boolean {
  return /\.(?:tgz|tar|tar\.gz)$/i.test(path);
}

/** An archive or a folder on disk. */
export function diskSource(path: string): PackageSource {
  return { type: isArchivePath(path) ? 'file' : 'folder', path };
}

/** Splits `name@rest`. The name may start with the @ of a scope. Undefined if there is no rest. */
export function splitSpec(text: string): { name: string; reference: string } | undefined {
  const at = text.indexOf('@', 1);
  return at < 0 ? undefined : { name: text.slice(0, at), reference: text.slice(at + 1) };
}

/**
 * A repository with the commit after the `#`: the commit alone or, as Yarn writes it, `commit=…`. The source has no commit if a client may
 * read the text differently: npm takes `<commit>&x` for the name of a branch, and ignores `<commit>&path:x` and takes the last commit.
 */
export function gitSource(url: string): GitSource {
  const fragment = url.includes('#') ? url.slice(url.indexOf('#') + 1) : '';
  const parameters = fragment.split('&');
  const isQuery = parameters.every((parameter) => /^(?:commit|cwd|workspace)=/.test(parameter));
  const commits = isQuery
    ? parameters.filter((parameter) => parameter.startsWith('commit='))
    : [fragment];
  const [commit = ''] = commits.map((parameter) => parameter.replace(/^commit=/, ''));
  return { type: 'git', url, ...(commits.length === 1 && COMMIT.test(commit) && { commit }) };
}

/** A repository whose commit a lockfile has beside the address. Only a whole commit counts. */
export function repositoryAt(
  url = '',
  {
    commit = '',
    folder,
  }: { readonly commit?: string | undefined; readonly folder?: string | undefined },
): GitSource {
  const isWhole = COMMIT.test(commit);
  return { type: 'git', url, ...(isWhole && { commit }), ...(folder !== undefined && { folder }) };
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * The repository and the commit of a source, in one text, with everything that decides which files a client takes. Undefined if the
 * lockfile does not name a whole commit.
 */
export function resolvedCommit({ url, commit, folder }: GitSource): string | undefined {
  if (commit === undefined) return undefined;
  // npm, Yarn and bun write the commit into the address. pnpm and Bundler write it beside.
  const isIn = gitSource(url).commit === commit;
  if (!isIn && url.includes('#')) return undefined;
  return `${isIn ? url : `${url}#${commit}`}${folder === undefined ? '' : `&path:${folder}`}`;
}
