/*
 * Serves npm's clients from several registries: a package whose scope has a registry of its own comes from there alone. No other registry
 * answers for such a package, in whatever spelling a client asks, so that nobody can publish a package of the same name elsewhere.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { GatewayAnswer } from './answers.ts';
import { isReading, type Face } from './face.ts';
import { askedBy, type NpmRequest } from './paths.ts';

export interface ScopeFace {
  /** In lower case, with its `@`. */
  readonly scope: string;
  readonly face: Face;
  /** Whether the gateway asks the registry with a token of its own: clients may then read packages and do nothing else. */
  readonly isReadOnly: boolean;
}

/** Paths of the API that only read what belongs to a package. */
const READABLE = /^\/-\/(?:package\/.+\/dist-tags|npm\/v1\/attestations\/.+)$/;

export class ScopedNpmFace implements Face {
  readonly errors = 'json';
  readonly trials: Face['trials'];
  readonly #main: Face;
  readonly #scopes: readonly ScopeFace[];

  /** @param main Answers for all other packages. */
  constructor(main: Face, scopes: readonly ScopeFace[]) {
    this.#main = main;
    this.#scopes = scopes;
    this.trials = main.trials;
  }

  loggable(target: string): unknown {
    return this.#main.loggable(target);
  }

  readonly close = (): void => {
    for (const face of [this.#main, ...this.#scopes.map((scope) => scope.face)]) face.close?.();
  };

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = askedBy(request.url ?? '/');
    const [scope, another] = this.#scopes.filter((each) => isAbout(asked, each.scope));
    if (scope === undefined) return this.#main.answer(request, response);
    if (another !== undefined)
      throw new GatewayAnswer(404, 'the address names scopes of different registries');
    if (scope.isReadOnly && !mayRead(asked, request))
      throw new GatewayAnswer(
        403,
        `tarwarden: packages of ${scope.scope} can only be read here, because the gateway asks their registry with its own token. Use the registry itself for changes`,
      );
    return scope.face.answer(request, response);
  }
}

function mayRead(asked: NpmRequest, request: IncomingMessage): boolean {
  return isReading(request) && (asked.kind !== 'api' || READABLE.test(asked.path));
}

/** Whether a request names a package or an organisation of this scope. Letters of either case count: some registries fold them. */
function isAbout(asked: NpmRequest, scope: string): boolean {
  if ('name' in asked) return asked.name.toLowerCase().startsWith(`${scope}/`);
  if (asked.kind !== 'api') return false;
  const path = decodeURIComponent(asked.path).normalize('NFKC').toLowerCase();
  const [, kind, organisation] = /^\/-\/(org|team)\/([^/]+)/.exec(path) ?? [];
  if (kind !== undefined && `@${organisation?.replace(/^@/, '')}` === scope) return true;
  return path.split(scope).some((before, index, parts) => {
    const after = parts[index + 1];
    return after !== undefined && /(?:^|[^\w.~-])$/.test(before) && /^(?:$|[/@:])/.test(after);
  });
}
