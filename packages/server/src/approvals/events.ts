/* The events that a ledger of approvals records. An event is never changed: a decision is another event. */
import { isCalendarDay, parseException } from '@tarwarden/core/policy';
import { ecosystemOf, type Exception } from '@tarwarden/core';
import type { Refusal } from './service.ts';

interface Recorded {
  /** The person. */
  readonly by: string;
  /** The moment, in ISO format. */
  readonly at: string;
  readonly reason: string;
}

/** The number of its line is the id of the request. */
export interface RequestedEvent extends Recorded {
  readonly kind: 'requested';
  readonly refusal: Refusal;
}

export interface ApprovedEvent extends Recorded {
  readonly kind: 'approved';
  /** The id of a request. */
  readonly request: string;
  /** Last day, `YYYY-MM-DD`, UTC. */
  readonly until: string;
  readonly exceptions: readonly Exception[];
}

export interface EndedEvent extends Recorded {
  readonly kind: 'declined' | 'revoked';
  /** The id of a request. */
  readonly request: string;
}

export type DecidedEvent = ApprovedEvent | EndedEvent;
export type ApprovalEvent = RequestedEvent | DecidedEvent;

const REQUEST_ID = /^[1-9]\d{0,8}$/;
export const REFUSAL_ID: RegExp = /^[a-z2-7]{26}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function isApprovalEvent(value: unknown): value is ApprovalEvent {
  if (!isObject(value)) return false;
  const { kind, by, at, reason, request, until, exceptions, refusal } = value;
  if (!isText(by) || !isText(reason) || !isText(at) || !MOMENT.test(at)) return false;
  if (kind === 'requested') return isRefusalRecord(refusal);
  if (!isText(request) || !REQUEST_ID.test(request)) return false;
  if (kind === 'declined' || kind === 'revoked') return true;
  if (kind !== 'approved' || !isText(until) || !DAY.test(until) || !isCalendarDay(until))
    return false;
  return (
    Array.isArray(exceptions) &&
    exceptions.length > 0 &&
    exceptions.every((exception) => parseException(exception) !== undefined)
  );
}

/** Whether a value from a ledger or from a storage of refusals has the form of a refusal. */
export function isRefusalRecord(value: unknown): value is Refusal {
  if (!isObject(value)) return false;
  const { id, at, registry, ecosystem, identity, label, sha512, text } = value;
  const { bytes, isPrivate, findings, omitted } = value;
  if (![id, at, registry, ecosystem, label, sha512, text].every(isText)) return false;
  if (!REFUSAL_ID.test(id as string) || !MOMENT.test(at as string)) return false;
  if (!/^[0-9a-f]{128}$/.test(sha512 as string) || typeof isPrivate !== 'boolean') return false;
  if (!Number.isSafeInteger(bytes) || !Number.isSafeInteger(omitted)) return false;
  if (!isIdentity(identity, ecosystem)) return false;
  return Array.isArray(findings) && findings.every(isFinding);
}

function isIdentity(value: unknown, ecosystem: unknown): boolean {
  if (!isObject(value)) return false;
  const { format, name, version, fileName } = value;
  if (typeof format !== 'string' || !Object.hasOwn(ecosystemOf, format)) return false;
  if (ecosystemOf[format as keyof typeof ecosystemOf] !== ecosystem) return false;
  return [name, version, fileName].every((text) => text === undefined || isText(text));
}

function isFinding(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { rule, level, message, entry } = value;
  if (![rule, level, message].every(isText)) return false;
  return entry === undefined || isText(entry);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
