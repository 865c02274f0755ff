import {
  ecosystemOf,
  isDeclared,
  rejects,
  type AppliedException,
  type AppliedPreset,
  type Approver,
  type Finding,
  type Verdict,
} from '@tarwarden/core/finding';
import { isTreeClient, isTreeDigest, unpacksFormat } from '@tarwarden/core/trees';
import type { VerdictQuestion } from './asked.ts';

const RULE_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Characters that control a terminal: messages are escaped when they are made. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/;
const LEVELS: readonly unknown[] = ['error', 'warning', 'note'] satisfies Finding['level'][];

/** A location of a finding: our own words, which are printed unescaped. */
const WORD = /^[a-z0-9]+$/;

type Fields<T> = { readonly [Field in keyof Required<T>]: true };

const OF_VERDICT: Fields<Verdict> = {
  status: true,
  format: true,
  findings: true,
  omitted: true,
  archive: true,
  manifest: true,
  trees: true,
};
const OF_FINDING: Fields<Finding> = {
  rule: true,
  code: true,
  level: true,
  message: true,
  excepted: true,
  exception: true,
  proposed: true,
  preset: true,
  layer: true,
  offset: true,
  field: true,
  entry: true,
  entryIndex: true,
};
const OF_PRESET: Fields<AppliedPreset> = { name: true, setBy: true, file: true };
const SETTERS: readonly unknown[] = ['user', 'repository'] satisfies AppliedPreset['setBy'][];
const OF_EXCEPTION: Fields<AppliedException> = {
  package: true,
  expires: true,
  approvedBy: true,
  by: true,
};
const APPROVERS: readonly unknown[] = ['user', 'repository+user', 'approvals'] satisfies Approver[];
const OF_ARCHIVE: Fields<Verdict['archive']> = {
  sha512: true,
  integrity: true,
  compressedBytes: true,
  unpackedBytes: true,
  entries: true,
};
const OF_MANIFEST: Fields<NonNullable<Verdict['manifest']>> = {
  name: true,
  version: true,
  declares: true,
};

/** Whether a value is a verdict of these bytes and this format, whole and without contradiction. */
export function isVerdict(
  value: unknown,
  asked: Pick<VerdictQuestion, 'sha512' | 'format'>,
): value is Verdict {
  if (!isObject(value, OF_VERDICT)) return false;
  const { status, format, findings, omitted, archive, manifest, trees } = value;
  if (!Object.hasOwn(ecosystemOf, asked.format) || format !== asked.format) return false;
  if (!Array.isArray(findings) || !findings.every(isFinding) || !isCount(omitted)) return false;
  if (!isArchive(archive, asked.sha512) || !isManifest(manifest)) return false;
  const isRejected = findings.some(rejects);
  if (trees !== undefined && !(status === 'accept' && areTrees(trees, asked.format))) return false;
  // Errors may be among the findings that were counted but not kept, so such a verdict rejects.
  return status === 'accept' ? !isRejected : status === 'reject' && (isRejected || omitted > 0);
}

function areTrees(value: unknown, format: VerdictQuestion['format']): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([client, digest]: [string, unknown]) =>
      isTreeClient(client) &&
      unpacksFormat(client, format) &&
      (digest === null || (typeof digest === 'string' && isTreeDigest(digest))),
  );
}

function isFinding(value: unknown): value is Finding {
  if (!isObject(value, OF_FINDING)) return false;
  const { rule, code, level, message, excepted, layer, offset, field, entry, entryIndex } = value;
  const { exception, proposed, preset } = value;
  if (typeof rule !== 'string' || !RULE_ID.test(rule) || !LEVELS.includes(level)) return false;
  if (code !== undefined && (typeof code !== 'string' || !RULE_ID.test(code))) return false;
  if (typeof message !== 'string' || CONTROL.test(message)) return false;
  if (![excepted, entry].every(isText) || ![layer, field, proposed].every(isWord)) return false;
  if (exception !== undefined && !isException(exception)) return false;
  if (preset !== undefined && !isPreset(preset)) return false;
  return [offset, entryIndex].every((count) => count === undefined || isCount(count));
}

function isException(value: unknown): boolean {
  if (!isObject(value, OF_EXCEPTION)) return false;
  const { package: name, expires, approvedBy, by } = value;
  if (typeof name !== 'string' || typeof expires !== 'string' || !isText(by)) return false;
  return APPROVERS.includes(approvedBy);
}

function isPreset(value: unknown): boolean {
  if (!isObject(value, OF_PRESET)) return false;
  const { name, setBy, file } = value;
  return typeof name === 'string' && typeof file === 'string' && SETTERS.includes(setBy);
}

function isArchive(value: unknown, sha512: string): boolean {
  if (!isObject(value, OF_ARCHIVE) || !/^[0-9a-f]{128}$/.test(sha512)) return false;
  const { compressedBytes, unpackedBytes, entries } = value;
  const integrity = `sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;
  if (value['sha512'] !== sha512 || value['integrity'] !== integrity) return false;
  return [compressedBytes, unpackedBytes, entries].every(isCount);
}

function isManifest(value: unknown): boolean {
  return (
    value === undefined ||
    (isObject(value, OF_MANIFEST) &&
      [value['name'], value['version']].every(isText) &&
      (value['declares'] === undefined || isDeclared(value['declares'])))
  );
}

/** Whether a value is an object with no other fields than these. */
function isObject(
  value: unknown,
  fields: Readonly<Record<string, true>>,
): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every((field) => Object.hasOwn(fields, field));
}

function isWord(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && WORD.test(value));
}

function isText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
