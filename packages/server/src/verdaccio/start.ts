/*
 * Starts the user's verdaccio with the plugin in front of it, and listens once a hostile package was refused through it. verdaccio's own
 * start skips a plugin that fails, and has others before it: here nothing is skipped, and nothing is before it.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestListener, Server } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { MiddlewarePlugin, PluginClass } from './express.ts';
import { findVerdaccio, type Verdaccio } from './installed.ts';
import { listenAt, placesIn, type ListenPlace } from './places.ts';
import { HostileProbe } from './probe.ts';
import { fieldsOf, settingsIn } from './settings.ts';
import { shellAround } from './shell.ts';
import { messageOf, StartError } from './start-error.ts';

export interface StartOptions {
  /** verdaccio's configuration. */
  readonly config: string;
  /** Instead of what the configuration says. */
  readonly listen?: readonly string[] | undefined;
  /** Folder of verdaccio. */
  readonly verdaccio?: string | undefined;
  /** The plugin, as it is built. */
  readonly plugin: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface StartedVerdaccio {
  readonly addresses: readonly string[];
  readonly folder: string;
  readonly version: string;
  /** @param grace Milliseconds for what is under way. */
  close(grace: number): Promise<void>;
}

/** @throws StartError where verdaccio would not be guarded, or cannot start: nothing listens then. */
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
        async (listening) => new Promise<void>((done) => listening.close(() => done())),
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
  // The plugin is not left to verdaccio, which goes on without it.
  const { tarwarden: _, ...middlewares } = fieldsOf(config['middlewares']);
  const own = config['middlewares'] === undefined ? {} : { middlewares };
  try {
    return await runServer({ ...config, ...own, listen: [text] });
  } catch (cause) {
    throw new StartError(`verdaccio ${version} does not start: ${messageOf(cause)}`, { cause });
  }
}

/** Puts the plugin in front of all that a server answers, and has it show that it is there. */
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
    // By the server's own event: whatever else listens there would answer as well.
    await probe.run((...both) => void server.emit('request', ...both), env);
  } catch (cause) {
    await plugin.close();
    throw cause instanceof StartError
      ? cause
      : new StartError(`the plugin cannot be registered: ${messageOf(cause)}`, { cause });
  }
}

/** Events by which a server answers past those who listen for requests. */
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

/** With `tarwarden` alone in its list of middlewares, since it is before all others. */
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
