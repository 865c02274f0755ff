/* Problems of a configuration that concern several keys at once. */
import { hostAndPort, isLoopback } from '../gateway/public-url.ts';
import { LISTEN } from './configuration.ts';
import type { ConfigurationFile } from './schema.ts';

export interface ConfigurationProblem {
  readonly path: readonly (string | number)[];
  /** Continues a sentence that begins with the path. */
  readonly message: string;
}

/** The ecosystems whose documents contain addresses of archives. */
export const NAMES_ITSELF: ReadonlySet<string> = new Set(['npm', 'pypi']);

export function problemsIn(file: ConfigurationFile): readonly ConfigurationProblem[] {
  return [...listenProblems(file), ...registryProblems(file)];
}

function listenProblems({
  listen = LISTEN,
  publicUrl,
  registries,
}: ConfigurationFile): readonly ConfigurationProblem[] {
  const found = hostAndPort(listen);
  if (found === undefined)
    return [{ path: ['listen'], message: 'must have a port of at most 65535' }];
  const needs = Object.values(registries).some(({ ecosystem = 'npm' }) =>
    NAMES_ITSELF.has(ecosystem),
  );
  if (publicUrl !== undefined || !needs || isLoopback(found.host)) return [];
  return [
    {
      path: ['listen'],
      message: 'is reachable from other machines, so publicUrl must be set: npm and pip need it',
    },
  ];
}

function registryProblems({
  registries,
  publicUrl,
}: ConfigurationFile): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const taken = new Map<string, string>();
  if (Object.keys(registries).length === 0)
    problems.push({ path: ['registries'], message: 'must have at least one registry' });
  for (const [name, registry] of Object.entries(registries)) {
    const { ecosystem = 'npm', host = '', path = '/', hideRefused, scopes = {} } = registry;
    const at = ['registries', name];
    const other = taken.get(`${host} ${path}`);
    if (other !== undefined)
      problems.push({
        path: at,
        message: `has the same host and path as the registry ${other}: give it another path or host`,
      });
    taken.set(`${host} ${path}`, name);
    // Without it, documents would name the address at which the server listens, which may belong to another registry.
    if (host !== '' && publicUrl === undefined && NAMES_ITSELF.has(ecosystem))
      problems.push({ path: [...at, 'host'], message: `needs publicUrl for ${ecosystem}` });
    if (hideRefused === true && ecosystem !== 'npm')
      problems.push({ path: [...at, 'hideRefused'], message: 'is for npm alone' });
    if (Object.keys(scopes).length > 0 && ecosystem !== 'npm')
      problems.push({ path: [...at, 'scopes'], message: 'are for npm alone' });
    for (const [scope, given] of Object.entries(scopes))
      problems.push(...scopeProblems([...at, 'scopes', scope], given));
  }
  return problems;
}

type ScopeFile = NonNullable<ConfigurationFile['registries'][string]['scopes']>[string];

function scopeProblems(path: readonly string[], given: ScopeFile): readonly ConfigurationProblem[] {
  if (typeof given === 'string') return [];
  const { credentials, readableByAll } = given;
  if (typeof credentials !== 'object' || readableByAll === true) return [];
  return [
    {
      path,
      message:
        'uses a token of the gateway, so everybody who can ask the gateway can read this scope: confirm this with readableByAll: true',
    },
  ];
}
