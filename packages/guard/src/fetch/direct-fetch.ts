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
    const client = await clientOf(settings, url.protocol);
    const headersToSend = { accept: '*/*', 'user-agent': settings.userAgent ?? 'tarwarden' };
    const response = await plainRequest(url, { client, headers: headersToSend, idle, signal });
    // From now on, readBody watches the time.
    response.setTimeout(0);
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

export interface PlainClient {
  readonly request: typeof httpRequest;
  readonly agent: Agent;
}

interface PlainRequest {
  readonly client: PlainClient;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds that may pass without a byte, also of the body. */
  readonly idle: number;
  readonly signal?: AbortSignal;
}

/** The answer to one request of Node, with its body unread. A user in the address is not sent. */
export function plainRequest(
  url: URL,
  { client: { request, agent }, headers, idle, signal }: PlainRequest,
): Promise<IncomingMessage> {
  const bare = new URL(url);
  [bare.username, bare.password] = ['', ''];
  return new Promise((resolve, reject) => {
    const clientRequest = request(
      bare,
      { agent, headers, ...(signal && { signal }) },
      (response) => {
        if ((response.statusCode ?? 0) >= 200) resolve(response);
        else clientRequest.destroy(new Error('it answers with a status that ends nothing'));
      },
    );
    clientRequest.setTimeout(idle, () => clientRequest.destroy(new Error('no answer')));
    clientRequest.on('error', reject);
    // Without a listener of its own, an answer 101 would neither be an answer nor an error.
    clientRequest.on('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new Error('it answers 101 Switching Protocols'));
    });
    clientRequest.on('close', () =>
      reject(new Error('it closed the connection without an answer')),
    );
    clientRequest.end();
  });
}

/** By settings and protocol. */
const clients = new WeakMap<NetworkSettings, Record<string, Promise<PlainClient>>>();

function clientOf(settings: NetworkSettings, protocol: string): Promise<PlainClient> {
  const byProtocol = clients.get(settings) ?? {};
  clients.set(settings, byProtocol);
  return (byProtocol[protocol] ??= plainClient(settings, protocol === 'https:'));
}

/** A client with connections of its own. Loads what it needs, so that a run that fetches nothing does not wait for it. */
export async function plainClient(
  settings: NetworkSettings,
  secure: boolean,
): Promise<PlainClient> {
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
