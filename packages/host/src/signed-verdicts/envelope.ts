/* DSSE 1.0 (secure-systems-lab/dsse, envelope.md and protocol.md), with one signature, by Ed25519. */
import { sign, verify, type KeyObject } from 'node:crypto';
import type { PinnedKey, SigningKey } from './keys.ts';

/** The most bytes of an envelope: a verdict has a bounded number of findings, far below. */
export const ENVELOPE_BYTES_MAX: number = 1024 * 1024;

/** The type of an envelope's content. The signature covers the type, so that a reader takes no envelope for one of another kind. */
export interface PayloadKind {
  readonly type: string;
  /** The most bytes of a whole envelope. */
  readonly bytesMax: number;
}

const VERDICT: PayloadKind = {
  type: 'application/vnd.in-toto+json',
  bytesMax: ENVELOPE_BYTES_MAX,
};
/** The most signatures of an envelope that are checked, so that more cannot keep a reader busy. */
const SIGNATURES_MAX = 4;

/** Equal payloads give equal envelopes, byte for byte: Ed25519 has no random part (RFC 8032). */
export function sealEnvelope(
  payload: string,
  { key, id }: SigningKey,
  kind: PayloadKind = VERDICT,
): string {
  const bytes = Buffer.from(payload);
  return written(bytes, [[id, sign(null, authenticated(bytes, kind), key)]], kind);
}

function written(
  payload: Buffer,
  all: Iterable<readonly [keyid: string, sig: Buffer]>,
  { type }: PayloadKind = VERDICT,
): string {
  const signatures = [...all].map(([keyid, sig]) => ({ keyid, sig: sig.toString('base64') }));
  return JSON.stringify({
    payloadType: type,
    payload: payload.toString('base64'),
    signatures: signatures.slice(0, SIGNATURES_MAX),
  });
}

export interface OpenedEnvelope {
  readonly payload: Buffer;
  /** The key that signed it. */
  readonly key: PinnedKey;
}

/**
 * Rewrites envelopes as `sealEnvelope` writes them: one envelope with all right signatures of these keys. Undefined if the payloads
 * differ or the result would be too long. Other fields and spellings are not signed, so a store that passes the envelope on can
 * change them. Never rejects.
 */
export async function plainEnvelope(
  texts: readonly string[],
  keys: readonly PinnedKey[],
): Promise<string | undefined> {
  const payloads: Buffer[] = [];
  const signatures = new Map<string, Buffer>();
  for (const text of texts) {
    const envelope = parse(text);
    if (envelope === undefined) return undefined;
    const payload = Buffer.from(envelope.payload, 'base64');
    payloads.push(payload);
    const signed = authenticated(payload, VERDICT);
    for (const signature of envelope.signatures) {
      const right = await signerOf(signature, signed, keys);
      if (right !== undefined && !signatures.has(right.key.id))
        signatures.set(right.key.id, right.sig);
    }
  }
  const [first] = payloads;
  if (first === undefined || !payloads.every((payload) => payload.equals(first))) return undefined;
  if (signatures.size === 0) return undefined;
  const plain = written(first, signatures);
  return plain.length > ENVELOPE_BYTES_MAX ? undefined : plain;
}

/** Whether a text has the form of an envelope, with any signer. Never throws. */
export function isEnvelope(text: string): boolean {
  return parse(text) !== undefined;
}

/** The payload of an envelope that one of these keys signed, and that key; undefined otherwise. Never rejects. */
export async function openEnvelope(
  text: string,
  keys: readonly PinnedKey[],
  kind: PayloadKind = VERDICT,
): Promise<OpenedEnvelope | undefined> {
  const envelope = parse(text, kind);
  if (envelope === undefined) return undefined;
  const payload = Buffer.from(envelope.payload, 'base64');
  const signed = authenticated(payload, kind);
  for (const signature of envelope.signatures) {
    const right = await signerOf(signature, signed, keys);
    if (right !== undefined) return { payload, key: right.key };
  }
  return undefined;
}

/** The key that made a signature, and the bytes of it. Undefined if it is none of these. */
async function signerOf(
  { sig, keyid }: Envelope['signatures'][number],
  signed: Buffer,
  keys: readonly PinnedKey[],
): Promise<{ readonly key: PinnedKey; readonly sig: Buffer } | undefined> {
  const bytes = Buffer.from(sig, 'base64');
  if (bytes.length !== 64) return undefined;
  // `keyid` says which key to try first, never which to believe.
  const first = keys.find(({ id }) => id === keyid);
  if (first !== undefined && (await isRight(signed, first.key, bytes)))
    return { key: first, sig: bytes };
  for (const key of keys)
    if (key !== first && (await isRight(signed, key.key, bytes))) return { key, sig: bytes };
  return undefined;
}

/** Verifies in a thread of Node's pool: a lockfile has hundreds of envelopes, in the middle of an install. */
async function isRight(signed: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, signed, key, signature, (error, right) => {
      if (error === null) resolve(right);
      else reject(error);
    });
  });
}

/** The signed bytes: the pre-authentication encoding. Lengths count bytes. */
function authenticated(payload: Buffer, { type }: PayloadKind): Buffer {
  const head = `DSSEv1 ${type.length} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

interface Envelope {
  readonly payload: string;
  readonly signatures: readonly { readonly sig: string; readonly keyid?: unknown }[];
}

function parse(text: string, { type, bytesMax }: PayloadKind = VERDICT): Envelope | undefined {
  if (text.length > bytesMax) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { payloadType, payload, signatures } = value as Record<string, unknown>;
  if (payloadType !== type || typeof payload !== 'string') return undefined;
  if (!Array.isArray(signatures) || signatures.length > SIGNATURES_MAX) return undefined;
  const all: readonly unknown[] = signatures;
  return all.every(isSignature) ? { payload, signatures: all } : undefined;
}

function isSignature(value: unknown): value is { readonly sig: string; readonly keyid?: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  return typeof (value as { readonly sig?: unknown }).sig === 'string';
}
