/* The configuration that the options of the command line describe: one registry. */
import { resolve } from 'node:path';
import { UsageError, type Values } from '@tarwarden/host/command-line';
import { LISTEN, type ServerConfiguration } from '../../configuration/configuration.ts';
import { NAMES_ITSELF } from '../../configuration/problems.ts';
import { DURATION, durationIn, SIZE, sizeIn } from '../../configuration/quantities.ts';
import { TrustedProxies } from '../../gateway/client.ts';
import { isLoopback } from '../../gateway/public-url.ts';
import { listenAddress } from '../serving.ts';
import type { GATEWAY_OPTIONS } from './definition.ts';

export type GatewayValues = Values<typeof GATEWAY_OPTIONS>;

/** The most seconds of --drain. */
const DRAIN_MAX = 3_600;

/** @throws UsageError */
export function configurationOfFlags(values: GatewayValues): ServerConfiguration {
  const { upstream, ecosystem = 'npm', listen = LISTEN, storage, key } = values;
  if (upstream === undefined) throw wrongUsage('--upstream or --config is missing');
  const publicUrl = addressIn(values['public-url'], 'public-url');
  const isLocal = isLoopback(listenAddress(listen, 'gateway').host);
  if (publicUrl === undefined && !isLocal && NAMES_ITSELF.has(ecosystem))
    throw wrongUsage('--listen beyond this machine needs --public-url');
  const hideRefused = values['hide-refused'] === true;
  if (hideRefused && ecosystem !== 'npm') throw wrongUsage('--hide-refused is for npm alone');
  if (key !== undefined && storage === undefined) throw wrongUsage('--key needs --storage');
  return {
    listen,
    publicUrl: publicUrl?.replace(/\/$/, ''),
    tls: tlsIn(values),
    trustedProxies: proxiesIn(values['trusted-proxy']),
    registries: [
      {
        name: ecosystem,
        ecosystem,
        upstream: addressIn(upstream, 'upstream')!,
        path: '/',
        scopes: [],
        allowHosts: values['allow-host'] ?? [],
        hideRefused,
      },
    ],
    verdicts: { storage, key },
    cache: cacheIn(values),
    ...approvalsIn(values, publicUrl !== undefined || isLocal),
    limits: {},
    drain: drainIn(values.drain),
    log: { level: values['log-level'] ?? 'info', access: values['access-log'] !== 'off' },
  };
}

function approvalsIn(
  values: GatewayValues,
  hasAddress: boolean,
): Pick<ServerConfiguration, 'approvals' | 'roles'> {
  const { approvals: ledger = process.env['TARWARDEN_APPROVALS'], people } = values;
  const { 'approvals-key': key } = values;
  if (ledger === undefined || ledger === '') {
    if (key !== undefined) throw wrongUsage('--approvals-key needs --approvals');
    if (people !== undefined) throw wrongUsage('--people needs --approvals');
    return {};
  }
  if (!hasAddress)
    throw wrongUsage('--approvals needs --public-url, because refusals name the address of a page');
  return {
    approvals: { ledger, key, ownRequests: false, webhooks: [] },
    ...(people !== undefined && { roles: { tokens: resolve(people) } }),
  };
}

function cacheIn(values: GatewayValues): ServerConfiguration['cache'] {
  const { cache: storage, 'cache-bytes': size, 'stale-if-error': time } = values;
  if (storage === undefined) {
    if (size !== undefined || time !== undefined)
      throw wrongUsage('--cache-bytes and --stale-if-error need --cache');
    return undefined;
  }
  if (size !== undefined && !SIZE.test(size))
    throw wrongUsage('--cache-bytes must be a size, such as 50GiB');
  if (time !== undefined && !DURATION.test(time))
    throw wrongUsage('--stale-if-error must be a duration, such as 90m, 24h or 7d');
  return {
    storage,
    ...(size !== undefined && { bytes: sizeIn(size) }),
    ...(time !== undefined && { staleIfError: durationIn(time) }),
  };
}

function proxiesIn(networks: readonly string[] = []): readonly string[] {
  try {
    void new TrustedProxies(networks);
    return networks;
  } catch (error) {
    throw wrongUsage(`--trusted-proxy: ${(error as Error).message}`);
  }
}

/** Milliseconds. */
function drainIn(text = '5'): number {
  const seconds = Number(text);
  if (!/^\d{1,4}(?:\.\d+)?$/.test(text) || seconds > DRAIN_MAX)
    throw wrongUsage(`--drain must be a number of seconds up to ${DRAIN_MAX}`);
  return seconds * 1_000;
}

function tlsIn(values: GatewayValues): ServerConfiguration['tls'] {
  const { 'tls-certificate': certificate, 'tls-key': key } = values;
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw wrongUsage('--tls-certificate and --tls-key need each other');
  return { certificate: resolve(certificate), key: resolve(key) };
}

function addressIn(text: string | undefined, option: string): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw wrongUsage(`--${option} must be an http or https address`);
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw wrongUsage(`--${option} may have no user name, query or fragment`);
  return url.href;
}

function wrongUsage(message: string): UsageError {
  return new UsageError(message, 'gateway');
}
