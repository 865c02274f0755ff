/*
 * Downloads a tarball with one plain request of Node, if the request needs nothing but the address. In a large install this takes
 * half the processor time of npm's network layer, and avoids loading it. Requests that need credentials, a proxy or a redirect go
 * through npm's network layer.
 */
import type { Agent, IncomingMessage, request as httpRequest } from 'node:http';
import { readBody } from './fetch-body.ts';
import type { Encoded } from './fetch-encoding.ts';
import type { NetworkSettings } from './fetch-settings.ts';
import { TooLargeError } from './too-large.ts';

export interface DirectRequest {
  readonly url: URL;
  readonly settings: NetworkSettings;
  readonly signal: AbortSignal;
  /** Milliseconds that may pass without a byte. */
  readonly idle: number;
  readonly bytesMax: number;
}

/** Connections to one host if the settings give no number. npm-registry-fetch uses the same default. */
const SOCKETS = 12;

const PROXY = /^(?:https?_|all_|no_?)?proxy$/i;

type Environment = Readonly<Record<string, string | undefined>>;

/** Origins that answered with a redirect. Later requests to them go through npm's network layer. */
const redirecting = new Set<string>();

/** Whether a download needs only its address: no proxy is configured, and no setting for a host or path. */
export function isPlain(settings: NetworkSettings, env: Environment): boolean {
  const { byPlace = {}, httpProxy, httpsProxy } = settings;
  if (httpProxy !== undefined || httpsProxy !== undefined) return false;
  if (Object.keys(byPlace).length > 0) return false;
  return !Object.keys(env).some((name) => PROXY.test(name) && env[name] !== '');
}

/**
 * The body of a plain, whole 200 answer; undefined if one plain request is not enough to get it.
 * @throws TooLargeError for more than `bytesMax` bytes, and an error when aborted.
 */
export async function fetchDirectly(request: DirectRequest): Promise<Encoded | undefined> {
  const { url, settings, signal, idle, bytesMax } = request;
  if (!isPlain(settings, process.env) || redirecting.has(url.origin)) return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  try {
    const response = await answer(request);
    const { statusCode = 0, headers } = response;
    if (statusCode >= 300 && statusCode < 400) redirecting.add(url.origin);
    if (statusCode !== 200) {
      response.destroy();
      return undefined;
    }
    const declared = headers['content-length'];
    const bytes = await readBody(response, { declared, bytesMax, idle });
    return { bytes, encoding: headers['content-encoding'] };
  } catch (error) {
    if (signal.aborted || error instanceof TooLargeError) throw error;
    return undefined;
  }
}

async function answer(direct: DirectRequest): Promise<IncomingMessage> {
  const { url, settings, signal, idle } = direct;
  const { request, agent } = await clientOf(settings, url.protocol);
  const headers = { accept: '*/*', 'user-agent': settings.userAgent ?? 'tarwarden' };
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers, signal }, (response) => {
      // From now on, readBody watches the time.
      sent.setTimeout(0);
      resolve(response);
    });
    sent.setTimeout(idle, () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end();
  });
}

interface Client {
  readonly request: typeof httpRequest;
  readonly agent: Agent;
}

/** By settings and protocol. */
const clients = new WeakMap<NetworkSettings, Record<string, Promise<Client>>>();

function clientOf(settings: NetworkSettings, protocol: string): Promise<Client> {
  const ofSettings = clients.get(settings) ?? {};
  clients.set(settings, ofSettings);
  return (ofSettings[protocol] ??= makeClient(settings, protocol === 'https:'));
}

async function makeClient(settings: NetworkSettings, secure: boolean): Promise<Client> {
  const { Agent, request } = secure ? await import('node:https') : await import('node:http');
  const { ca, cert, key, localAddress, strictSsl, maxSockets = SOCKETS } = settings;
  const agent = new Agent({
    keepAlive: true,
    maxSockets,
    ...(localAddress !== undefined && { localAddress }),
    ...(ca !== undefined && { ca: [...ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: strictSsl !== false,
  });
  return { request, agent };
}
