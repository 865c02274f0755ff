/* A tarball on its way to a client: streamed and hashed where its verdict is known, else from the file that was inspected. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sha512Of } from '@tarwarden/host';
import { tarballHeaders } from './answers.ts';
import { refusalOf, type Gate } from './gate.ts';
import type { VersionEntry } from './package-index.ts';
import { Passing } from './passing.ts';
import type { Spool } from './spool.ts';
import type { Upstream } from './upstream.ts';

/** Milliseconds that a client may take nothing: what it has not taken fills the disk, or keeps a connection to the registry. */
const IDLE_MAX = 120_000;

export interface TarballParts {
  readonly gate: Gate;
  readonly spool: Spool;
  readonly upstream: Upstream;
}

/** @throws GatewayAnswer, before anything was sent. */
export async function sendTarball(
  request: IncomingMessage,
  response: ServerResponse,
  { entry, ...parts }: TarballParts & { readonly entry: VersionEntry },
): Promise<void> {
  const inMemory = parts.gate.knownNow(entry);
  const outcome = inMemory ?? (await parts.gate.known(entry));
  if (outcome?.accepted === false) throw refusalOf(outcome);
  if (outcome !== undefined && request.method === 'HEAD') {
    response.writeHead(200, tarballHeaders(undefined)).end();
    return;
  }
  if (outcome !== undefined && (await streamed(request, response, { entry, ...parts }))) return;
  await landed(request, response, { entry, ...parts });
}

/** Whether it was: not where the registry sends elsewhere, or does not say how long it is. */
async function streamed(
  { headers: { authorization } }: IncomingMessage,
  response: ServerResponse,
  { entry, upstream }: TarballParts & { readonly entry: VersionEntry },
): Promise<boolean> {
  const path = upstream.pathAtOwn(entry.tarball);
  const sha512 = sha512Of(entry.integrity);
  if (path === undefined || sha512 === undefined) return false;
  const headers = authorization === undefined ? {} : { authorization };
  response.setTimeout(IDLE_MAX, () => response.destroy());
  return new Promise((resolve, reject) => {
    const passing = new Passing(response, { sha512, resolve, reject });
    upstream.pool.dispatch({ path, method: 'GET', headers }, passing);
  });
}

async function landed(
  request: IncomingMessage,
  response: ServerResponse,
  { entry, gate, spool }: TarballParts & { readonly entry: VersionEntry },
): Promise<void> {
  // While it waits for its turn, nothing is written.
  response.setTimeout(0);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { spooled, release } = await gate.land(entry, request.headers, gone.signal);
  response.setTimeout(IDLE_MAX, () => response.destroy());
  try {
    response.writeHead(200, tarballHeaders(spooled.bytes));
    if (request.method === 'HEAD') response.end();
    else await pipeline(spool.read(spooled), response);
  } catch {
    // The client went away, or the file cannot be read: either way this is not whole.
    response.destroy();
  } finally {
    release();
  }
}
