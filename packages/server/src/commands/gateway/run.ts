import { setTimeout as wait } from 'node:timers/promises';
import { redactUrl } from '@tarwarden/core/text';
import { LivePolicy } from '../../serving/live-policy.ts';
import { TrustedProxies } from '../../gateway/client.ts';
import { type Call, remark, tell, UsageError } from '@tarwarden/guard/command-line';
import { applyConfiguration, replaceableOptions } from '../../configuration/building.ts';
import { ConfigurationError, readConfiguration } from '../../configuration/configuration-file.ts';
import type { ServerConfiguration } from '../../configuration/configuration.ts';
import { LiveConfiguration, type ReloadReport } from '../../configuration/live-configuration.ts';
import { gatewayLog } from '../../gateway/log.ts';
import { GatewayServer, type GatewayOptions } from '../../gateway/server.ts';
import { documentThread, inspectionPool } from '../../threads/start.ts';
import { cacheIn } from './cache.ts';
import { listen, stopRequested } from '../serving.ts';
import type { definition } from './definition.ts';
import { configurationOfFlags, type GatewayValues } from './flags.ts';

/** Milliseconds for unfinished requests after a stop. */
const GRACE = 10_000;

/** `tarwarden-server gateway`. Runs until it is stopped. */
export async function gatewayCommand({
  values,
  mainUrl,
}: Call<typeof definition.options>): Promise<number> {
  const path = values.config;
  const configuration = orUsageError(() => configurationIn(values));
  const { registries, certificate } = orUsageError(() =>
    replaceableOptions(configuration, process.env),
  );
  const { limits } = configuration;
  const log = gatewayLog(values['log-level'] ?? configuration.log.level);
  const policy = { env: process.env, userFile: configuration.policy };
  const live = new LivePolicy(policy, (text, level) => {
    if (values.check === true) tell(`warning: ${text}`);
    else log[level](text);
  });
  if (values.check === true) {
    remark(`${path!} is valid`);
    return 0;
  }
  const cache = cacheIn(configuration, (error) => log.error({ err: error }, 'the cache failed'));
  const proxies = new TrustedProxies(configuration.trustedProxies);
  let reloading: LiveConfiguration | undefined;
  const gateway = new GatewayServer({
    registries,
    certificate,
    policy: () => live.current.policy,
    env: process.env,
    threads: inspectionPool(mainUrl),
    documentThread: () => documentThread(mainUrl),
    cache,
    log,
    accessLog: configuration.log.access,
    trustedProxies: proxies,
    connectionLimits: limits,
    health: [
      { name: 'policy file', problem: () => live.problem },
      { name: 'configuration', problem: () => reloading?.problem },
    ],
    spoolBytes: limits.waitingArchives,
    uploadBytes: limits.uploads,
  });
  try {
    const { ready, text } = await gateway.ready();
    if (!ready) throw new UsageError(text.trim(), 'gateway');
    const address = await listen(gateway.server, configuration.listen, 'gateway');
    for (const { upstream, host, path: below = '/' } of registries) {
      const at = new URL(below, address);
      if (host !== undefined) at.hostname = host;
      remark(`gateway to ${redactUrl(upstream.href)} at ${at.href}`);
    }
    if (path !== undefined)
      reloading = new LiveConfiguration(configuration, {
        path,
        read: () => readConfiguration(path),
        apply: (next) => applyConfiguration(gateway, next, process.env),
        onReload: (report) => logReload(log, report),
      });
    const signal = await stopRequested();
    gateway.drain();
    // Somebody who stops the gateway at a terminal does not want to wait.
    if (signal === 'SIGTERM') await wait(configuration.drain);
  } finally {
    reloading?.close();
    await gateway.close(GRACE);
    await cache?.close();
  }
  return 0;
}

/** The configuration of the file, or of the options of the command line. @throws UsageError, ConfigurationError */
function configurationIn(values: GatewayValues): ServerConfiguration {
  const { config, check, 'log-level': _, color: __, ...others } = values;
  if (config === undefined) {
    if (check === true) throw new UsageError('--check needs --config', 'gateway');
    return configurationOfFlags(values);
  }
  const given = Object.entries(others).find(([, value]) => value !== undefined);
  if (given !== undefined)
    throw new UsageError(
      `--${given[0]} cannot be used with --config: write it into the file`,
      'gateway',
    );
  return readConfiguration(config);
}

function logReload(log: GatewayOptions['log'], { problem, restart }: ReloadReport): void {
  if (problem !== undefined)
    log.error({ problem }, 'the changed configuration is invalid, and the one before it is used');
  else log.info('the configuration was read again');
  for (const key of restart) log.warn({ key }, `the change of ${key} needs a restart`);
}

/** Errors of the configuration end the start like those of the command line. */
function orUsageError<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfigurationError) throw new UsageError(error.message, 'gateway');
    throw error;
  }
}
