/* A list of approved exceptions in a DSSE envelope. Its payload has a type of its own, so that no signed verdict is taken for a list. */
import { parseException } from '@tarwarden/core/policy';
import type { Exception } from '@tarwarden/core';
import {
  canonicalJson,
  openEnvelope,
  sealEnvelope,
  type PayloadKind,
  type PinnedKey,
  type SigningKey,
} from '../signed-verdicts/index.ts';

/** An exception, and who approved it. */
export interface ApprovedException extends Exception {
  readonly by: string;
}

export interface ApprovalList {
  /** SHA-256 of the first line of the ledger, which names it. */
  readonly ledger: string;
  /** The number of the last line of the ledger. A list with a lower number is older. */
  readonly number: number;
  /** The moment of signing, and the moment from which on the list is void. Milliseconds since 1970. */
  readonly issued: number;
  readonly notAfter: number;
  readonly exceptions: readonly ApprovedException[];
}

/** Milliseconds for which a list counts. */
export const APPROVALS_VALID_FOR: number = 24 * 60 * 60_000;
/** Milliseconds by which the clocks of two machines may differ. */
const CLOCKS_DIFFER = 10 * 60_000;

const LIST: PayloadKind = {
  type: 'application/vnd.tarwarden.approvals+json',
  bytesMax: 16 * 1024 * 1024,
};

/** The envelope (JSON) of a list. */
export function sealApprovalList(list: ApprovalList, key: SigningKey): string {
  return sealEnvelope(canonicalJson(list), key, LIST);
}

/**
 * The list in an envelope. `now`: milliseconds since 1970.
 * @throws Error, with the reason in a sentence, if none of these keys has signed it or if it is void.
 */
export async function openApprovalList(
  text: string,
  { keys, now }: { readonly keys: readonly PinnedKey[]; readonly now: number },
): Promise<ApprovalList> {
  const opened = await openEnvelope(text, keys, LIST);
  if (opened === undefined)
    throw new Error('its list is not signed by a key that may sign approvals');
  const payload = opened.payload.toString('utf8');
  const list = listIn(payload);
  if (list === undefined) throw new Error('its list has a form that this version does not know');
  const { issued, notAfter } = list;
  if (now >= notAfter || notAfter - issued > APPROVALS_VALID_FOR)
    throw new Error('its list is too old');
  if (issued > now + CLOCKS_DIFFER)
    throw new Error('its list is from the future: compare the clocks');
  return list;
}

function listIn(payload: string): ApprovalList | undefined {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { ledger, number, issued, notAfter, exceptions } = value as Record<string, unknown>;
  if (typeof ledger !== 'string' || !Array.isArray(exceptions)) return undefined;
  if (![number, issued, notAfter].every((count) => Number.isSafeInteger(count))) return undefined;
  const read = (exceptions as readonly unknown[]).map(exceptionIn);
  if (!read.every((exception) => exception !== undefined)) return undefined;
  // Another reader may see another list in JSON with duplicate keys.
  if (canonicalJson(value) !== payload) return undefined;
  const numbers = { number, issued, notAfter } as Record<'number' | 'issued' | 'notAfter', number>;
  return { ledger, ...numbers, exceptions: read };
}

function exceptionIn(value: unknown): ApprovedException | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { by, ...rest } = value as Record<string, unknown>;
  const exception = parseException(rest);
  return exception === undefined || typeof by !== 'string' ? undefined : { ...exception, by };
}
