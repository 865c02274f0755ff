import { ecosystemOf, type Finding, type Verdict } from '@tarwarden/core/finding';
import type { Asked } from './asked.ts';

const RULE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** What would command a terminal: messages are escaped when they are made. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/;
const LEVELS: readonly unknown[] = ['error', 'warning', 'note'] satisfies Finding['level'][];

/** Whether a value is a verdict of these bytes and this format, whole and without contradiction. */
export function isVerdict(
  value: unknown,
  asked: Pick<Asked, 'sha512' | 'format'>,
): value is Verdict {
  if (!isObject(value)) return false;
  const { status, format, findings, omitted, archive, manifest } = value;
  if (!Object.hasOwn(ecosystemOf, asked.format) || format !== asked.format) return false;
  if (!Array.isArray(findings) || !findings.every(isFinding) || !isCount(omitted)) return false;
  if (!isArchive(archive, asked.sha512) || !isManifest(manifest)) return false;
  const rejects = findings.some((one) => one.level === 'error' && one.excepted === undefined);
  // What was counted and not kept may have been errors: such a verdict rejects.
  return status === 'accept' ? !rejects : status === 'reject' && (rejects || omitted > 0);
}

function isFinding(value: unknown): value is Finding {
  if (!isObject(value)) return false;
  const { rule, level, message, excepted, layer, offset, field, entry, entryIndex } = value;
  if (typeof rule !== 'string' || !RULE_ID.test(rule) || !LEVELS.includes(level)) return false;
  if (typeof message !== 'string' || CONTROL.test(message)) return false;
  if (![excepted, layer, field, entry].every(isText)) return false;
  return [offset, entryIndex].every((one) => one === undefined || isCount(one));
}

function isArchive(value: unknown, sha512: string): boolean {
  if (!isObject(value) || !/^[0-9a-f]{128}$/.test(sha512)) return false;
  const { compressedBytes, unpackedBytes, entries } = value;
  const integrity = `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;
  if (value['sha512'] !== sha512 || value['integrity'] !== integrity) return false;
  return [compressedBytes, unpackedBytes, entries].every(isCount);
}

function isManifest(value: unknown): boolean {
  return (
    value === undefined || (isObject(value) && [value['name'], value['version']].every(isText))
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
