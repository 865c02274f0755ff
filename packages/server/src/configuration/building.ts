/* Makes the options of the gateway from its configuration. Files that the configuration names are read and checked here. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { printablePath } from '@tarwarden/core/text';
import type { Outbound } from '../gateway/outbound.ts';
import type { ScopeOptions } from '../gateway/registry.ts';
import type { Certificate } from '../gateway/http-server.ts';
import type { GatewayServer, RoutedRegistry } from '../gateway/server.ts';
import { ConfigurationError, configuredText } from './configuration-file.ts';
import type {
  RegistryConfiguration,
  ScopeConfiguration,
  ServerConfiguration,
  TlsFiles,
} from './configuration.ts';

/** The most bytes of a file with certificates, a key or a token. */
const FILE_BYTES_MAX = 8 * 1024 * 1024;

/** The parts of a gateway that can change while it runs. */
export interface ReplaceableOptions {
  readonly registries: readonly RoutedRegistry[];
  readonly certificate: Certificate | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigurationError if a file cannot be used, or a proxy of the environment is invalid. */
export function replaceableOptions(
  configuration: ServerConfiguration,
  env: Environment,
): ReplaceableOptions {
  const { registries, tls } = configuration;
  const outbound = outboundIn(configuration, env);
  return {
    certificate: tls && certificateIn(tls),
    registries: registries.map((registry) => ({
      ...routeOf(registry, configuration),
      name: registry.name,
      ecosystem: registry.ecosystem,
      upstream: new URL(registry.upstream),
      allowedHosts: registry.allowHosts,
      hideRefused: registry.hideRefused,
      scopes: registry.scopes.map(scopeOptions),
      outbound,
    })),
  };
}

/** Applies a configuration to a running server as a whole. @throws ConfigurationError: nothing has changed then. */
export function applyConfiguration(
  gateway: GatewayServer,
  configuration: ServerConfiguration,
  env: Environment,
): void {
  const { registries, certificate } = replaceableOptions(configuration, env);
  gateway.replaceRegistries(registries);
  if (certificate !== undefined) gateway.replaceCertificate(certificate);
}

/** The files that the options above are made from. */
export function configurationFiles({
  tls,
  proxy,
  registries,
}: ServerConfiguration): readonly string[] {
  const tokens = registries.flatMap(({ scopes }) =>
    scopes.flatMap(({ credentials }) =>
      typeof credentials === 'object' ? [credentials.tokenFile] : [],
    ),
  );
  const others = [tls?.certificate, tls?.key, proxy?.ca].filter((path) => path !== undefined);
  return [...others, ...tokens];
}

function routeOf(
  { host, path }: RegistryConfiguration,
  { publicUrl }: ServerConfiguration,
): Pick<RoutedRegistry, 'host' | 'path' | 'publicUrl'> {
  if (publicUrl === undefined) return { host, path };
  const url = new URL(publicUrl);
  if (host !== undefined) url.hostname = host;
  return { host, path, publicUrl: url.href.replace(/\/$/, '') + path.slice(0, -1) };
}

function scopeOptions({
  scope,
  upstream,
  credentials,
  allowHosts,
}: ScopeConfiguration): ScopeOptions {
  return {
    scope,
    upstream: new URL(upstream),
    allowedHosts: allowHosts,
    credentials:
      typeof credentials === 'string' ? credentials : { token: tokenIn(credentials.tokenFile) },
  };
}

/** The proxies in the configuration or, without any, those of the environment. */
function outboundIn({ proxy }: ServerConfiguration, env: Environment): Outbound {
  const authorities =
    proxy?.ca === undefined ? [] : [...extraAuthorities(env), authorityIn(proxy.ca)];
  if (proxy !== undefined) {
    const { http, https, noProxy } = proxy;
    if (http !== undefined || https !== undefined)
      return { httpProxy: http, httpsProxy: https, noProxy, authorities };
  }
  const named = (name: string): string | undefined =>
    env[name.toLowerCase()] || env[name] || undefined;
  return {
    httpProxy: proxyIn('HTTP_PROXY', named('HTTP_PROXY')),
    httpsProxy: proxyIn('HTTPS_PROXY', named('HTTPS_PROXY')),
    noProxy: [...(named('NO_PROXY') ?? '').split(/[,\s]+/), ...(proxy?.noProxy ?? [])].filter(
      (host) => host !== '',
    ),
    authorities,
  };
}

/** curl and others also take a proxy without `http://`. */
function proxyIn(name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address))
    throw new ConfigurationError(`${name} must be an http or https address of a proxy`);
  return address;
}

/** Authorities of TLS replace those of Node, so those of NODE_EXTRA_CA_CERTS are read again. */
function extraAuthorities({ NODE_EXTRA_CA_CERTS: path = '' }: Environment): readonly string[] {
  return path === '' ? [] : [fileText(path, 'NODE_EXTRA_CA_CERTS')];
}

function authorityIn(path: string): string {
  const pem = fileText(path, 'proxy.ca');
  try {
    void new X509Certificate(pem);
    createSecureContext({ ca: pem });
  } catch {
    throw new ConfigurationError(`proxy.ca: ${printablePath(path)} contains no certificate in PEM`);
  }
  return pem;
}

function certificateIn({ certificate, key }: TlsFiles): Certificate {
  const pem = { cert: fileText(certificate, 'tls.certificate'), key: fileText(key, 'tls.key') };
  const wrong = (path: string, why: string): ConfigurationError =>
    new ConfigurationError(`${path} ${why}`);
  try {
    void new X509Certificate(pem.cert);
  } catch {
    throw wrong(`tls.certificate: ${printablePath(certificate)}`, 'contains no certificate in PEM');
  }
  try {
    createPrivateKey(pem.key);
  } catch {
    throw wrong(
      `tls.key: ${printablePath(key)}`,
      'contains no private key without a passphrase in PEM',
    );
  }
  try {
    createSecureContext(pem);
  } catch {
    throw wrong(`tls.key: ${printablePath(key)}`, 'is not the key of the certificate');
  }
  return pem;
}

function tokenIn(path: string): string {
  const token = fileText(path, 'credentials.tokenFile').trim();
  if (!/^[\u0021-\u007E]{1,4096}$/.test(token))
    throw new ConfigurationError(
      `credentials.tokenFile: ${printablePath(path)} must contain one token and nothing else`,
    );
  return token;
}

function fileText(path: string, key: string): string {
  const shown = `${key}: ${printablePath(path)}`;
  return configuredText(path, { shown, bytesMax: FILE_BYTES_MAX });
}
