/* The parts of Express that the plugin uses. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

export type Next = (error?: unknown) => void;

export type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;

export type App = RequestListener & {
  /** Puts it behind those that are there. */
  use(middleware: Middleware): unknown;
};

/** A plugin of verdaccio with middlewares. */
export interface MiddlewarePlugin {
  register_middlewares(app: App): void;
  /** Called by the program that started it. */
  close(): Promise<void>;
}

/** The `default` export of a plugin's file. */
export type PluginClass = new (
  options: unknown,
  context: { readonly config?: unknown },
) => Partial<MiddlewarePlugin>;
