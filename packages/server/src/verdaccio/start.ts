/*
 * Starts the user's verdaccio with the plugin in front of it, and listens after a hostile package was refused through it.
 * verdaccio's own start skips a plugin that fails and runs other plugins before it. This start does neither.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { App, Middleware, MiddlewarePlugin, PluginClass } from './express.ts';
import { findVerdaccio, type Verdaccio } from './installed.ts';
import { listenAt, placesIn, type ListenPlace } from './places.ts';
import { HostileProbe } from './probe.ts';
import { fieldsOf, settingsIn } from './settings.ts';
import { messageOf, StartError } from './start-error.ts';

export interface StartOptions {
  /** The path of verdaccio's configuration. */
  readonly config: string;
  /** Overrides the configuration. */
  readonly listen?: readonly string[] | undefined;
  /** The folder of verdaccio. */
  readonly verdaccio?: string | undefined;
  /** The path of the built plugin. */
  readonly plugin: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface StartedVerdaccio {
  readonly addresses: readonly string[];
  readonly folder: string;
  readonly version: string;
  /** @param grace Milliseconds for requests under way. */
  close(grace: number): Promise<void>;
}

/** @throws StartError if verdaccio would be unguarded or cannot start: nothing listens then. */
export async function startVerdaccio(options: StartOptions): Promise<StartedVerdaccio> {
  const Plugin = pluginIn(options.plugin);
  const path = resolve(options.config);
  const verdaccio = findVerdaccio({
    folder: options.verdaccio,
    config: path,
    program: options.plugin,
  });
  const config = readConfig(verdaccio, path);
  const places = placesIn(options.listen ?? config['listen']);
  const server = await serverOf(verdaccio, config, places);
  const plugin = made(Plugin, config);
  await guard(server, plugin, options.env);
  try {
    const { addresses, servers } = await listenAt(server, places);
    const { folder, version } = verdaccio;
    const close = async (grace: number): Promise<void> => {
      const closed = servers.map(
        async (listener) => new Promise<void>((done) => listener.close(() => done())),
      );
      server.closeIdleConnections();
      await Promise.race([Promise.all(closed), wait(grace, undefined, { ref: false })]);
      server.closeAllConnections();
      await plugin.close();
    };
    return { addresses, folder, version, close };
  } catch (error) {
    await plugin.close();
    throw error;
  }
}

function readConfig(verdaccio: Verdaccio, path: string): Record<string, unknown> {
  try {
    const config = { ...fieldsOf(verdaccio.parseConfigFile(path)) };
    settingsIn(config);
    return { ...config, self_path: path, config_path: path };
  } catch (cause) {
    throw new StartError(`${path}: ${messageOf(cause)}`, { cause });
  }
}

async function serverOf(
  { runServer, version }: Verdaccio,
  config: Record<string, unknown>,
  [{ text }]: readonly [ListenPlace, ...ListenPlace[]],
): Promise<Server> {
  // verdaccio would go on without a failed plugin, so it does not load this one.
  const { tarwarden: _, ...middlewares } = fieldsOf(config['middlewares']);
  const own = config['middlewares'] === undefined ? {} : { middlewares };
  try {
    return await runServer({ ...config, ...own, listen: [text] });
  } catch (cause) {
    throw new StartError(`verdaccio ${version} does not start: ${messageOf(cause)}`, { cause });
  }
}

/** Puts the plugin in front of all answers of a server, and checks that it refuses the probe. */
async function guard(
  server: Server,
  plugin: MiddlewarePlugin,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const app = applicationOf(server);
  const probe = new HostileProbe();
  const shell = shellAround((request, response) => {
    if (!probe.answer(request, response)) app(request, response);
  });
  server.removeAllListeners('request');
  server.on('request', shell);
  try {
    plugin.register_middlewares(shell);
    // Emit the server's own event, so that other listeners of it would answer as well.
    await probe.run((...both) => void server.emit('request', ...both), env);
  } catch (cause) {
    await plugin.close();
    throw cause instanceof StartError
      ? cause
      : new StartError(`the plugin cannot be registered: ${messageOf(cause)}`, { cause });
  }
}

/** An outer application in front of verdaccio's: its middlewares run before all those of verdaccio and its plugins. */
function shellAround(inner: RequestListener): App {
  const middlewares: Middleware[] = [];
  const pass = (index: number, request: IncomingMessage, response: ServerResponse): void => {
    const middleware = middlewares[index];
    if (middleware === undefined) return inner(request, response);
    middleware(request, response, (error) => {
      if (error === undefined) return pass(index + 1, request, response);
      // On any error, the request must not go on to verdaccio.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-length': 0 }).end();
    });
  };
  const shell = (request: IncomingMessage, response: ServerResponse): void => {
    // verdaccio sets this on every answer.
    response.setHeader('access-control-allow-origin', '*');
    pass(0, request, response);
  };
  return Object.assign(shell, {
    use: (middleware: Middleware): void => void middlewares.push(middleware),
  });
}

/** Events by which a server can answer without its request listeners. */
const ASIDE = ['checkContinue', 'checkExpectation', 'connect', 'upgrade'];

function applicationOf(server: Partial<Server> | null): RequestListener {
  const aside = ASIDE.filter((event) => (server?.listenerCount?.(event) ?? 0) > 0);
  if (aside.length > 0)
    throw new StartError(`something in verdaccio answers ${aside.join(', ')} past the plugin`);
  const [app, ...others] = (server?.listeners?.('request') ?? []) as RequestListener[];
  if (app === undefined || others.length > 0)
    throw new StartError('this verdaccio does not answer as one application');
  return app;
}

function pluginIn(file: string): PluginClass {
  try {
    const { default: Plugin } = createRequire(file)(file) as { default?: PluginClass };
    if (typeof Plugin !== 'function') throw new Error('it exports no default class');
    return Plugin;
  } catch (cause) {
    throw new StartError(`the plugin cannot be loaded: ${messageOf(cause)}`, { cause });
  }
}

/** Passes only `tarwarden` as the list of middlewares, because it runs before all others. */
function made(Plugin: PluginClass, config: Record<string, unknown>): MiddlewarePlugin {
  const { tarwarden } = fieldsOf(config['middlewares']);
  try {
    const plugin = new Plugin(tarwarden, { config: { ...config, middlewares: { tarwarden } } });
    if (typeof plugin.register_middlewares !== 'function' || typeof plugin.close !== 'function')
      throw new Error('it is not a middleware');
    return plugin as MiddlewarePlugin;
  } catch (cause) {
    throw new StartError(`the plugin cannot be loaded: ${messageOf(cause)}`, { cause });
  }
}
