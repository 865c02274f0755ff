/* Bull Board's interface to a web server, without a server: it finds the route that answers a path. */
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  ControllerHandlerReturnType,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app';
import { escapedHtml } from '@tarwarden/core/text';

export interface BoardRequest {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export interface BoardAnswer {
  readonly status: number;
  /** A page, or a value that is sent as JSON. */
  readonly body: { readonly html: string } | { readonly json: unknown };
}

/** Links to fonts of another site. The board loads nothing from other sites. */
const FOREIGN = /<link\b[^>]*\bhref="https?:[^>]*>/g;
const PLACE = /<%([=-])\s*(\w+)\s*%>/g;

/** The changes that the board may make. Only `run` adds tasks, and nothing rewrites them. */
const CHANGES: ReadonlySet<string> = new Set(
  [
    'pause',
    'resume',
    'empty',
    'promote',
    'retry/:queueStatus',
    'clean/:queueStatus',
    ':jobId/retry',
    ':jobId/clean',
    ':jobId/promote',
  ].map((path) => `/api/queues/:queueName/${path}`),
);

export class BoardRoutes implements IServerAdapter {
  readonly #template: string;
  readonly #allowChanges: boolean;
  #queues: BullBoardQueues = new Map();
  #config: UIConfig = {};
  #entry: AppViewRoute | undefined;
  #routes: readonly AppControllerRoute[] = [];
  #onError: ((error: Error) => ControllerHandlerReturnType) | undefined;

  constructor(template: string, allowChanges: boolean) {
    this.#template = template;
    this.#allowChanges = allowChanges;
  }

  /** Undefined if no route has that path and method. */
  async answer({ method, path, query }: BoardRequest): Promise<BoardAnswer | undefined> {
    const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
    const entry = this.#entry;
    if (wanted === 'get' && entry !== undefined && found(entry, wanted, path) !== undefined)
      return { status: 200, body: { html: this.#page(entry) } };
    for (const route of this.#routes) {
      const params = found(route, wanted, path);
      if (params === undefined || !this.#isAllowed(route, wanted)) continue;
      const { status = 200, body } = await this.#handled(route, params, query);
      return { status, body: { json: body } };
    }
    return undefined;
  }

  #isAllowed({ route }: AppControllerRoute, method: string): boolean {
    if (method === 'get') return true;
    return this.#allowChanges && [route].flat().some((path) => CHANGES.has(path));
  }

  #page(entry: AppViewRoute): string {
    const { params } = entry.handler({ basePath: '/', uiConfig: this.#config });
    return pageOf(this.#template, params);
  }

  async #handled(
    route: AppControllerRoute,
    params: Readonly<Record<string, string>>,
    query: URLSearchParams,
  ): Promise<ControllerHandlerReturnType> {
    try {
      return await route.handler({
        queues: this.#queues,
        uiConfig: this.#config,
        params,
        query: Object.fromEntries(query),
        body: {},
        headers: {},
      });
    } catch (error) {
      if (this.#onError === undefined || !(error instanceof Error)) throw error;
      return this.#onError(error);
    }
  }

  setQueues(queues: BullBoardQueues): this {
    this.#queues = queues;
    return this;
  }
  /** The caller serves the files. */
  setViewsPath(): this {
    return this;
  }
  setStaticPath(): this {
    return this;
  }
  setEntryRoute(route: AppViewRoute): this {
    this.#entry = route;
    return this;
  }
  setErrorHandler(onError: (error: Error) => ControllerHandlerReturnType): this {
    this.#onError = onError;
    return this;
  }
  setApiRoutes(routes: AppControllerRoute[]): this {
    this.#routes = routes;
    return this;
  }
  setUIConfig(config: UIConfig): this {
    this.#config = config;
    return this;
  }
}

/** Values of a route's `:name` segments; undefined if the path does not match the route. */
function found(
  { method, route }: { readonly method: string | string[]; readonly route: string | string[] },
  wanted: string,
  path: string,
): Record<string, string> | undefined {
  if (![method].flat().includes(wanted)) return undefined;
  for (const pattern of [route].flat()) {
    const params = valuesIn(pattern.split('/'), path.split('/'));
    if (params !== undefined) return params;
  }
  return undefined;
}

function valuesIn(
  pattern: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== path.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, segment] of pattern.entries()) {
    const value = path[at]!;
    if (!segment.startsWith(':')) {
      if (segment !== value) return undefined;
      continue;
    }
    if (value === '') return undefined;
    try {
      params[segment.slice(1)] = decodeURIComponent(value);
    } catch {
      return undefined;
    }
  }
  return params;
}

/** Writes the board's page from Bull Board's template. @throws Error if the template contains unknown placeholders. */
export function pageOf(template: string, values: Readonly<Record<string, string>>): string {
  const page = template
    .replaceAll(FOREIGN, '')
    .replaceAll(PLACE, (_all, kind: string, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) throw new Error(`the page asks for "${name}"`);
      return kind === '-' ? value : escapedHtml(value);
    });
  if (page.includes('<%')) throw new Error('the page is not one that is understood');
  return page;
}
