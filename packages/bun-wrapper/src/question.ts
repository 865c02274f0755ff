/* Reads the questions of the scanner. All their text may be hostile. */

/** A package that bun is about to install, from the question to its scanner. */
export interface AskedPackage {
  readonly name: string;
  /** A version, or the source of the package. */
  readonly version: string;
  /** Address or path of the archive; empty for git and folders. */
  readonly tarball: string;
}

/** The platform that bun runs on, from `process.platform` and `process.arch`. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
}

export interface ScannerQuestion {
  readonly cwd: string;
  readonly platform: Platform;
  readonly packages: readonly AskedPackage[];
}

export class QuestionError extends Error {
  override readonly name = 'QuestionError';
}

export function parseScannerQuestion(
  line: string,
  isToken: (text: string) => boolean,
): ScannerQuestion {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new QuestionError('not JSON');
  }
  const { token, cwd, platform, packages } = (value ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' || !isToken(token)) throw new QuestionError('wrong token');
  if (typeof cwd !== 'string' || !Array.isArray(packages))
    throw new QuestionError('not a question');
  return {
    cwd,
    platform: texts(platform, ['os', 'cpu']),
    packages: packages.map((entry) => texts(entry, ['name', 'version', 'tarball'])),
  };
}

/** The texts of these fields. Others are left out. */
function texts<Key extends string>(value: unknown, keys: readonly Key[]): Record<Key, string> {
  const fields = (value ?? {}) as Record<Key, unknown>;
  const wrong = keys.find((key) => typeof fields[key] !== 'string');
  if (wrong !== undefined) throw new QuestionError(`${wrong} is not a text`);
  return Object.fromEntries(keys.map((key) => [key, fields[key]])) as Record<Key, string>;
}

export type PackageOrigin =
  | { readonly type: 'registry'; readonly url: string }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file'; readonly path: string }
  /** A checkout or an archive of GitHub. bun has it in its cache by now. */
  | { readonly type: 'repository' }
  | { readonly type: 'folder'; readonly path: string }
  /** A folder that the user has registered with `bun link`. */
  | { readonly type: 'link' };

/** The source of a package. Undefined if it is unknown. */
export function originOf({ version, tarball }: AskedPackage): PackageOrigin | undefined {
  const isHttp = /^https?:\/\//i.test(tarball);
  if (/^\d+\.\d+\.\d+(?:[-+]|$)/.test(version))
    return isHttp ? { type: 'registry', url: tarball } : undefined;
  if (/^(?:git\+|git:|git@|ssh:|github:|gitlab:|bitbucket:)/.test(version))
    return { type: 'repository' };
  if (tarball !== '')
    return isHttp ? { type: 'url', url: tarball } : { type: 'file', path: tarball };
  if (version.startsWith('link:')) return { type: 'link' };
  if (version.startsWith('file:')) return { type: 'folder', path: version.slice('file:'.length) };
  return undefined;
}
