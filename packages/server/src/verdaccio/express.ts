/* What of Express the plugin touches. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export type Next = (error?: unknown) => void;

export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

export type App = RequestListener & {
  /** Puts it behind those that are there. */
  use(middleware: Middleware): unknown;
};

/** What verdaccio gets of a plugin for its middlewares. */
export interface MiddlewarePlugin {
  register_middlewares(app: App): void;
  /** For whoever started it. */
  close(): Promise<void>;
}

/** What a plugin's file exports as `default`. */
export type PluginClass = new (
  options: unknown,
  context: { readonly config?: unknown },
) => Partial<MiddlewarePlugin>;
