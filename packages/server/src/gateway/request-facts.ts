/* The facts about a request that the access log has, in one form for all ecosystems. */

export type RequestKind = 'archive' | 'document' | 'api' | 'publish' | 'own' | 'other';

export interface RequestFacts {
  readonly kind: RequestKind;
  readonly package?: string;
  readonly version?: string;
  readonly file?: string;
  /** Where the request has no package: a path without credentials. */
  readonly path?: string;
}

/** The most characters of a fact. */
const CHARACTERS_MAX = 256;

/** The kinds of the faces' requests. */
const KINDS: Readonly<Record<string, RequestKind>> = {
  tarball: 'archive',
  zip: 'archive',
  file: 'archive',
  gem: 'archive',
  packument: 'document',
  manifest: 'document',
  info: 'document',
  mod: 'document',
  list: 'document',
  latest: 'document',
  database: 'document',
  page: 'document',
  metadata: 'document',
  projects: 'document',
  names: 'document',
  gemspec: 'document',
  api: 'api',
  revision: 'publish',
  'file-revision': 'publish',
  own: 'own',
};

/** @param loggable What a face says about the target of the request. */
export function requestFacts(loggable: unknown, method = 'GET'): RequestFacts {
  const said = loggable as Readonly<Record<string, unknown>>;
  const text = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value.slice(0, CHARACTERS_MAX) : undefined;
  const found = KINDS[String(said['kind'])] ?? 'other';
  const isRead = method === 'GET' || method === 'HEAD';
  const kind = found === 'document' && !isRead ? 'publish' : found;
  const path = text(said['path']);
  // A request to a module proxy has the module as its path. All other paths begin with a slash or are those of a database.
  const isModule = path !== undefined && !path.startsWith('/') && said['kind'] !== 'database';
  const name = text(said['name']) ?? text(said['project']) ?? (isModule ? path : undefined);
  const version = text(said['version']);
  const file = text(said['file']) ?? text(said['fileName']);
  return {
    kind,
    ...(name !== undefined && { package: name }),
    ...(version !== undefined && { version }),
    ...(file !== undefined && { file }),
    ...(name === undefined && file === undefined && path !== undefined && { path }),
  };
}
