/*
 * The lines of a ledger. Each line is canonical JSON with its number, its own SHA-256 and that of the line before, so a line that was
 * changed, removed or added in between is found when the ledger is read.
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '@tarwarden/host/signed-verdicts';
import { isApprovalEvent, type ApprovalEvent } from './events.ts';

/** The end of a chain: the number and the SHA-256 of its last line. */
export interface ChainEnd {
  readonly number: number;
  /** 64 lower-case hex digits: the line's `sha256`. */
  readonly hash: string;
}

/** The end of a chain without lines. */
export const EMPTY_CHAIN: ChainEnd = { number: 0, hash: '0'.repeat(64) };

/** The most bytes of a line: refusals and reasons are bounded, and an approval repeats its reason for each finding. */
export const LINE_BYTES_MAX: number = 2 * 1024 * 1024;

/** A ledger whose lines cannot be believed. */
export class ChainError extends Error {
  override readonly name = 'ChainError';
}

/** The next line of a chain, without a line feed. */
export function chainLine(end: ChainEnd, event: ApprovalEvent): string {
  const content = { number: end.number + 1, previous: end.hash, event };
  return canonicalJson({ ...content, sha256: digestOf(content) });
}

/** The digest of a line: SHA-256 of canonical JSON without the digest itself. */
function digestOf(content: object): string {
  return hash('sha256', canonicalJson(content));
}

/** Reads the next line of a chain. @throws ChainError for one that does not follow. */
export function readChainLine(
  line: string,
  end: ChainEnd,
): { readonly event: ApprovalEvent; readonly end: ChainEnd } {
  const number = end.number + 1;
  const wrong = (why: string): ChainError => new ChainError(`line ${number} of the ledger ${why}`);
  if (Buffer.byteLength(line) > LINE_BYTES_MAX) throw wrong('is too long');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong('is not JSON');
  }
  if (typeof value !== 'object' || value === null) throw wrong('is not an object');
  const { sha256, ...content } = value as Record<string, unknown>;
  const { number: given, previous, event } = content;
  if (given !== number) throw wrong('has another number');
  if (previous !== end.hash) throw wrong('does not follow the line before');
  if (sha256 !== digestOf(content)) throw wrong('was changed');
  if (!isApprovalEvent(event)) throw wrong('is not an event that this version knows');
  // Another reader may see another event in JSON with duplicate keys or another order.
  if (canonicalJson(value) !== line) throw wrong('is not canonical JSON');
  return { event, end: { number, hash: sha256 } };
}
