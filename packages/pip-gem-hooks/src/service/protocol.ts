/*
 * The questions of a guard and their answers, one JSON object a line. A guard may open a connection for each question:
 *
 *   { token, ask: "hello", guard, client, nonce? }                      { status: "welcome" }
 *   { token, ask: "inspect", path, sha256, format, fileName,            { status: "accept" }
 *     name?, version?, source?, origin?, use?, words of the index }     { status: "refuse", message }
 *     with pathHex, the bytes of the path in hex, instead of path if it may not be UTF-8
 *   { token, ask: "remembered", sha256, format, fileName, … }           { status: "accept" } or { status: "unknown" }
 *   { token, ask: "source", kind, label, source, chosenBy? }            { status: "accept" } or { status: "refuse", message }
 *   { token, ask: "name", format, name, version?, platform?, source? } { status: "accept" } or { status: "refuse", message }
 *   { token, ask: "stopped", label, source?, reason }                   { status: "refuse", message }
 *   { token, ask: "unsupported", reason }                               { status: "noted" }
 *
 * Any other question gets { status: "error", message }, and the connection ends. A guard treats every other answer, and a missing answer, as
 * a refusal.
 */

/** Variables with which a guard finds the service of the wrapper that started its client. */
export const SERVICE_ENVIRONMENT = {
  /** `unix:<path>`, or `tcp:127.0.0.1:<port>`. */
  address: 'TARWARDEN_INSPECTOR',
  /** Part of every question. */
  token: 'TARWARDEN_INSPECTOR_TOKEN',
  /** For the "hello" of the client that the wrapper started. The guard removes it before anything else runs. */
  nonce: 'TARWARDEN_INSPECTOR_NONCE',
} as const;

export interface ArchiveQuestion {
  readonly sha256: string;
  readonly format: string;
  /** The client's name for the file, which may differ from the name on the disk. */
  readonly fileName: string;
  readonly name?: string;
  readonly version?: string;
  /** URL or path from which the client got it. */
  readonly source?: string;
  /** How the client got the archive, in the guard's own words. No decision depends on it. */
  readonly origin?: string;
  /** Set if the client is about to upload the archive, and not to install it. */
  readonly use?: 'publish';
  /** The statements of an index about it. */
  readonly words?: IndexWords;
}

/** The statements of an index about an archive, as the client has read them. All text is hostile. */
export interface IndexWords {
  /** The versions of Python on the page of the project. */
  readonly requiresPython?: string;
  /** The path of the metadata file that the index has beside the archive, in hex, and its SHA-256. */
  readonly metadataPathHex?: string;
  readonly metadataSha256?: string;
  /** The text behind the version in a compact index of gems. */
  readonly indexEntry?: string;
  /** The same in a gemspec of the quick index. */
  readonly indexGemspec?: string;
}

/** A folder or repository that the client installs from. It is no archive, so it is not inspected. All text is hostile. */
export interface SourceQuestion {
  /** `file`, `folder` or `repository`, in the guard's words. */
  readonly kind: string;
  readonly label: string;
  readonly source: string;
  /** The package or file that named it, in the guard's words. Then it is refused. Absent if the user named it. */
  readonly chosenBy?: string;
}

/** A name from which a client is about to make a path. All text is hostile. */
export interface NameQuestion {
  readonly format: string;
  readonly name: string;
  readonly version?: string;
  readonly platform?: string;
  /** URL of the index that contains the name. */
  readonly source?: string;
}

/** A package that the guard has stopped by itself: a path that the client would have used. All text is hostile. */
export interface StoppedPackage {
  readonly label: string;
  readonly source?: string;
  /** Why, in words of the guard. */
  readonly reason: string;
}

export type GuardQuestion =
  | {
      readonly ask: 'hello';
      readonly guard: string;
      readonly client: string;
      readonly nonce?: string;
    }
  | (ArchiveQuestion & { readonly ask: 'inspect'; readonly path: string | Buffer })
  | (ArchiveQuestion & { readonly ask: 'remembered' })
  | (SourceQuestion & { readonly ask: 'source' })
  | (NameQuestion & { readonly ask: 'name' })
  | (StoppedPackage & { readonly ask: 'stopped' })
  | { readonly ask: 'unsupported'; readonly reason: string };

export type GuardAnswer =
  | { readonly status: 'welcome' | 'accept' | 'unknown' | 'noted' }
  | { readonly status: 'refuse' | 'error'; readonly message: string };

/** A line that is not a question. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

type Fields = Readonly<Record<string, unknown>>;

/** The question of a line, or {@link ProtocolError}. `isToken` says whether the text is the token of this run. */
export function parseGuardQuestion(
  line: string,
  isToken: (text: string) => boolean,
): GuardQuestion {
  const fields = parseObject(line);
  if (!isToken(optional(fields, 'token') ?? '')) throw new ProtocolError('wrong token');
  const ask = required(fields, 'ask');
  switch (ask) {
    case 'hello':
      return { ask, ...texts(fields, ['guard', 'client'], ['nonce']) };
    case 'inspect':
      return { ask, path: archivePath(fields), ...archive(fields) };
    case 'remembered':
      return { ask, ...archive(fields) };
    case 'source':
      return { ask, ...texts(fields, ['kind', 'label', 'source'], ['chosenBy']) };
    case 'name': {
      // The name may be empty. The inspector decides about that as well.
      const name = optional(fields, 'name') ?? '';
      return { ask, name, ...texts(fields, ['format'], ['version', 'platform', 'source']) };
    }
    case 'stopped':
      return { ask, ...texts(fields, ['label', 'reason'], ['source']) };
    case 'unsupported':
      return { ask, ...texts(fields, ['reason'], []) };
    default:
      throw new ProtocolError('unknown question');
  }
}

function parseObject(line: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ProtocolError('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProtocolError('not an object');
  return value as Fields;
}

function archive(fields: Fields): ArchiveQuestion {
  const sha256 = required(fields, 'sha256');
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new ProtocolError('sha256 is not lower-case hex');
  const question = texts(fields, ['format', 'fileName'], ['name', 'version', 'source', 'origin']);
  const use = optional(fields, 'use');
  if (use !== undefined && use !== 'publish') throw new ProtocolError('use is unknown');
  const words: IndexWords = texts(fields, [], WORDS);
  return { sha256, ...question, ...(use !== undefined && { use }), words };
}

const WORDS = [
  'requiresPython',
  'metadataPathHex',
  'metadataSha256',
  'indexEntry',
  'indexGemspec',
] as const satisfies readonly (keyof IndexWords)[];

/** Bytes if the guard sent bytes, because a path on Unix is not always UTF-8. */
function archivePath(fields: Fields): string | Buffer {
  const hex = optional(fields, 'pathHex');
  if (hex === undefined) return required(fields, 'path');
  if (optional(fields, 'path') !== undefined) throw new ProtocolError('path is there twice');
  return pathInHex(hex);
}

export function pathInHex(hex: string): Buffer {
  if (!/^(?:[0-9a-f]{2})+$/.test(hex)) throw new ProtocolError('pathHex is not lower-case hex');
  return Buffer.from(hex, 'hex');
}

/** The texts of several fields. */
function texts<Required extends string, Optional extends string>(
  fields: Fields,
  requiredKeys: readonly Required[],
  optionalKeys: readonly Optional[],
): Readonly<Record<Required, string> & Partial<Record<Optional, string>>> {
  const entries = [
    ...requiredKeys.map((key) => [key, required(fields, key)] as const),
    ...optionalKeys.map((key) => [key, optional(fields, key)] as const),
  ];
  const present = entries.filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Record<Required, string> &
    Partial<Record<Optional, string>>;
}

function required(fields: Fields, key: string): string {
  const value = optional(fields, key);
  if (value === undefined || value === '') throw new ProtocolError(`${key} is missing`);
  return value;
}

/** The text of a field; undefined if it is absent or null. */
function optional(fields: Fields, key: string): string | undefined {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ProtocolError(`${key} is not text`);
  return value;
}
