/* Sends an archive to a client. All of it is here, hashed and accepted, before the first byte is sent. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { sha512Of } from '@tarwarden/guard';
import { whenOver } from '../serving/when-over.ts';
import { GatewayRefusal, tarballHeaders } from './answers.ts';
import type { OpenGate } from './open-gate.ts';
import type { VersionEntry } from './package-index.ts';
import type { Patience } from './patience.ts';
import { requestClient, requestRecord } from './request-record.ts';
import { IDLE_MAX } from './sending.ts';
import type { GatewayUpstream } from './upstream.ts';
import type { WordsBesideWheel, WantedArchive } from './wanted.ts';

/** One shared error, because creating an error writes down a stack. */
const CLOSED = new Error('the answer is over');

/** Milliseconds for a whole answer, however steadily the client reads it. */
const SENT_WITHIN = 30 * 60_000;

export interface ArchiveParts {
  readonly open: Pick<OpenGate, 'gate' | 'metrics' | 'verdicts'>;
  readonly upstream: GatewayUpstream;
}

/** An archive that a client requests. */
export interface OfferedArchive extends Pick<WantedArchive, 'identity' | 'promised' | 'bytesMax'> {
  /** The address at the registry. */
  readonly address: string;
  readonly patience?: Patience;
  /** Whether clients ask for its length with HEAD, which needs a download. */
  readonly measured?: boolean;
  readonly words?: WordsBesideWheel | undefined;
}

/** @throws GatewayAnswer, before anything was sent. */
export async function sendTarball(
  request: IncomingMessage,
  response: ServerResponse,
  { entry, ...parts }: ArchiveParts & { readonly entry: VersionEntry },
): Promise<void> {
  await sendArchive(request, response, { ...parts, offered: offerOf(entry) });
}

/** Entries whose archives were requested. Most are requested again. */
const offers = new WeakMap<VersionEntry, OfferedArchive>();

function offerOf(entry: VersionEntry): OfferedArchive {
  const known = offers.get(entry);
  if (known !== undefined) return known;
  const { name, version, integrity, tarball: address } = entry;
  const identity = { format: 'npm', name, version } as const;
  const offer = { identity, promised: { sha512: sha512Of(integrity) }, address };
  offers.set(entry, offer);
  return offer;
}

type Sending = ArchiveParts & { readonly offered: OfferedArchive };

/** @throws GatewayAnswer, before anything was sent. */
export async function sendArchive(
  request: IncomingMessage,
  response: ServerResponse,
  sending: Sending,
): Promise<void> {
  const { offered, open } = sending;
  const { identity, promised } = offered;
  try {
    const { gate } = open;
    const now = gate.knownNow(promised, identity);
    if (now?.accepted === true && sendHot(request, response, sending)) return;
    endLate(response);
    const outcome = now ?? gate.known(promised, identity);
    if (outcome?.accepted === false) throw gate.refusalOf(outcome);
    const isHead = request.method === 'HEAD';
    if (outcome !== undefined && isHead && offered.measured !== true) {
      response.writeHead(200, tarballHeaders(undefined)).end();
      return;
    }
    requestRecord(request).outcome = outcome === undefined ? 'accepted' : 'miss';
    await landed(request, response, { ...sending, isKnown: outcome !== undefined });
  } catch (error) {
    if (error instanceof GatewayRefusal) open.metrics.refused.inc({ on: 'download' });
    throw error;
  }
}

/** Sends an archive that is in memory: nothing is waited for, and the system usually takes all bytes at once. */
function sendHot(
  request: IncomingMessage,
  response: ServerResponse,
  { offered, open, upstream: registry }: Sending,
): boolean {
  const { address: location, identity, promised, words } = offered;
  if (words !== undefined || request.method === 'HEAD' || response.destroyed) return false;
  const hot = open.gate.hot({ registry, location, identity, promised });
  if (hot === undefined) return false;
  requestRecord(request).outcome = 'hit';
  whenOver(response, hot.release);
  response.writeHead(200, tarballHeaders(hot.bytes)).end(hot.content);
  if (response.writableLength > 0) {
    endLate(response);
    response.setTimeout(IDLE_MAX, () => response.destroy());
  }
  return true;
}

function endLate(response: ServerResponse): void {
  const late = setTimeout(() => response.destroy(), SENT_WITHIN).unref();
  whenOver(response, () => clearTimeout(late));
}

function wantedOf(
  { address, identity, promised, bytesMax }: OfferedArchive,
  request: IncomingMessage,
  upstream: GatewayUpstream,
): WantedArchive {
  const { headers } = request;
  return {
    identity,
    promised,
    ...(bytesMax !== undefined && { bytesMax }),
    registry: upstream,
    location: address,
    reader: upstream.readerOf(headers),
    client: requestClient(request),
    async open(signal, conditions) {
      return upstream.tarball(address, {
        headers,
        signal,
        ...(conditions && { more: conditions }),
      });
    },
  };
}

async function landed(
  request: IncomingMessage,
  response: ServerResponse,
  { offered, open, upstream, isKnown }: Sending & { readonly isKnown: boolean },
): Promise<void> {
  // Nothing is written while the request waits for its turn.
  response.setTimeout(0);
  const signal = goneSignal(response, offered.patience);
  const wanted = wantedOf(offered, request, upstream);
  const archive = await open.gate.land(wanted, signal, isKnown);
  try {
    const { identity, words } = offered;
    if (words !== undefined) await open.gate.compare(archive.sha512, identity, words);
  } catch (error) {
    archive.release();
    throw error;
  }
  if (archive.isCopy === true) requestRecord(request).outcome = 'hit';
  // The signal has released it.
  if (response.destroyed) return;
  response.setTimeout(IDLE_MAX, () => response.destroy());
  try {
    response.writeHead(200, tarballHeaders(archive.bytes));
    if (request.method === 'HEAD') response.end();
    else if (archive.content === undefined) await pipeline(archive.read(), response);
    // The content stays in memory until the answer ends, which releases it.
    else return void response.end(archive.content);
  } catch {
    // The client went away or the file is unreadable, so the answer is incomplete.
    response.destroy();
  }
  archive.release();
}

/** Aborted when the client is gone and has not come back in time. */
function goneSignal(response: ServerResponse, patience: Patience | undefined): AbortSignal {
  const gone = new AbortController();
  whenOver(response, () => {
    if (patience === undefined || response.headersSent) gone.abort(CLOSED);
    else patience.wait(() => gone.abort(CLOSED));
  });
  return gone.signal;
}
