/* The parts of Express that the plugin uses. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export type Next = (error?: unknown) => void;

export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

export type App = RequestListener & {
  /** Appends it to the middlewares. */
  use(middleware: Middleware): unknown;
};

/** The interface of a plugin for verdaccio's middlewares. */
export interface MiddlewarePlugin {
  register_middlewares(app: App): void;
  /** For the caller that started it. */
  close(): Promise<void>;
}

/** The `default` export of a plugin's file. */
export type PluginClass = new (
  options: unknown,
  context: { readonly config?: unknown },
) => Partial<MiddlewarePlugin>;
