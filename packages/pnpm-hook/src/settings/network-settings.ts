/* Turns pnpm's configuration into settings for downloads. */
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { NetworkSettings } from '@tarwarden/guard';
import { fieldsIn } from './own-specifiers.ts';
import type { PnpmConfig } from '../pnpm-shapes.ts';

const TOKEN_HELPER_MS = 10_000;

const PLACED =
  /^\/\/.*:(?:_authToken|_auth|username|_password|certfile|keyfile|cafile|cert|key|ca)$/;

/** The settings for downloads. pnpm 10 has them in `rawConfig` and `registries`, pnpm 11 and 12 in `authConfig` and `registriesByScope`. */
export function networkSettings(config: PnpmConfig): NetworkSettings {
  const raw = fieldsIn(config['authConfig'] ?? config['rawConfig']);
  const { default: registry, ...scopes } = strings(
    config['registriesByScope'] ?? config['registries'],
  );
  const placed = Object.entries(strings(raw)).filter(([key]) => PLACED.test(key));
  const settings: Record<string, unknown> = {
    registry: registry ?? settingText(config['registry']),
    scopes,
    byPlace: { ...Object.fromEntries(placed), ...helperTokens(config, raw) },
    ca: authorities(config['ca'] ?? raw['ca'] ?? contents(raw['cafile'])),
    cert: settingText(config['cert']),
    key: settingText(config['key']),
    httpProxy: settingText(config['httpProxy']),
    httpsProxy: settingText(config['httpsProxy']),
    noProxy: proxyExceptions(config['noProxy'] ?? config['noproxy']),
    strictSsl: flag(config['strictSsl']),
    localAddress: settingText(config['localAddress']),
    maxSockets: number(config['maxSockets'] ?? config['networkConcurrency']),
    retries: number(config['fetchRetries']),
    retryFactor: number(config['fetchRetryFactor']),
    retryMinTimeout: number(config['fetchRetryMintimeout']),
    retryMaxTimeout: number(config['fetchRetryMaxtimeout']),
    timeout: number(config['fetchTimeout']),
    userAgent: `tarwarden ${settingText(config['userAgent']) ?? 'pnpm'}`,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Runs the user's token helpers. pnpm allows them only in the user's own configuration, and has checked that before. */
function helperTokens(
  config: PnpmConfig,
  raw: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const helpers = new Map<string, readonly string[]>();
  for (const [prefix, value] of Object.entries(fieldsIn(config['configByUri']))) {
    const command = fieldsIn(fieldsIn(value)['@'])['tokenHelper'];
    if (Array.isArray(command)) helpers.set(prefix, command.map(String));
  }
  for (const [key, value] of Object.entries(raw)) {
    const prefix = /^(\/\/.*):tokenHelper$/.exec(key)?.[1];
    if (prefix !== undefined && typeof value === 'string') helpers.set(prefix, [value]);
  }
  const tokens: Record<string, string> = {};
  for (const [prefix, [program = '', ...args]] of helpers) {
    if (!isAbsolute(program)) continue;
    // Few users have a helper, and loading this module takes 3 ms.
    const { execFileSync } = process.getBuiltinModule('node:child_process');
    const output = execFileSync(program, args, {
      encoding: 'utf8',
      timeout: TOKEN_HELPER_MS,
    }).trim();
    const [, scheme = 'Bearer', token = output] = /^(Bearer|Basic)\s+(.*)$/i.exec(output) ?? [];
    tokens[`${prefix}:${scheme.toLowerCase() === 'basic' ? '_auth' : '_authToken'}`] = token;
  }
  return tokens;
}

function authorities(value: unknown): readonly string[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).filter(
    (authority): authority is string => typeof authority === 'string' && authority !== '',
  );
  return list.length === 0 ? undefined : list;
}

/** pnpm 10 and 11 read this file themselves. Throws if it is unreadable, because the default authorities would be too many. */
function contents(file: unknown): string | undefined {
  return typeof file === 'string' && file !== '' ? readFileSync(file, 'utf8') : undefined;
}

/** `true` means that no host goes through the proxy. */
function proxyExceptions(value: unknown): string | undefined {
  if (value === true) return '*';
  return Array.isArray(value) ? value.join(',') : settingText(value);
}

function strings(value: unknown): Record<string, string> {
  const entries = Object.entries(fieldsIn(value));
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function settingText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
