/* A tarball on its way to a client: streamed and hashed where its verdict is known, else the bytes that were inspected. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sha512Of } from '@tarwarden/host';
import { tarballHeaders } from './answers.ts';
import { refusalOf, type Gate } from './gate.ts';
import { readerOf, type VersionEntry } from './package-index.ts';
import { Passing } from './passing.ts';
import { IDLE_MAX } from './sending.ts';
import type { Upstream } from './upstream.ts';
import type { Wanted } from './wanted.ts';

/** One for all: an error of its own for each has its stack written down. */
const CLOSED = new Error('the answer is over');

export interface TarballParts {
  readonly gate: Gate;
  readonly upstream: Upstream;
}

/** @throws GatewayAnswer, before anything was sent. */
export async function sendTarball(
  request: IncomingMessage,
  response: ServerResponse,
  { entry, ...parts }: TarballParts & { readonly entry: VersionEntry },
): Promise<void> {
  const { gate } = parts;
  const { identity, promised } = saidOf(entry);
  const outcome = gate.knownNow(promised, identity) ?? (await gate.known(promised, identity));
  if (outcome?.accepted === false) throw refusalOf(outcome);
  if (outcome !== undefined && request.method === 'HEAD') {
    response.writeHead(200, tarballHeaders(undefined)).end();
    return;
  }
  if (outcome !== undefined && (await streamed(request, response, { entry, ...parts }))) return;
  await landed(request, response, { entry, ...parts });
}

/** What the document says of a tarball. */
function saidOf({ name, version, integrity }: VersionEntry): Pick<Wanted, 'identity' | 'promised'> {
  return {
    identity: { format: 'npm', name, version },
    promised: { sha512: sha512Of(integrity) },
  };
}

function wantedOf(entry: VersionEntry, headers: IncomingHttpHeaders, upstream: Upstream): Wanted {
  return {
    ...saidOf(entry),
    key: `${entry.tarball} ${readerOf(headers)}`,
    async open(signal) {
      const answer = await upstream.tarball(entry.tarball, headers, signal);
      // Its connection is used again.
      if (answer.statusCode !== 200) await answer.body.dump();
      return answer;
    },
  };
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
  { entry, gate, upstream }: TarballParts & { readonly entry: VersionEntry },
): Promise<void> {
  // While it waits for its turn, nothing is written.
  response.setTimeout(0);
  const gone = new AbortController();
  response.once('close', () => gone.abort(CLOSED));
  const archive = await gate.land(wantedOf(entry, request.headers, upstream), gone.signal);
  response.setTimeout(IDLE_MAX, () => response.destroy());
  try {
    response.writeHead(200, tarballHeaders(archive.bytes));
    if (request.method === 'HEAD') response.end();
    else if (archive.content === undefined) await pipeline(archive.read(), response);
    // It is held until the client has it: the end of the answer releases it.
    else return void response.end(archive.content);
  } catch {
    // The client went away, or the file cannot be read: either way this is not whole.
    response.destroy();
  }
  archive.release();
}
