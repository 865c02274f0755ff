/** Bodies of PAX headers: the records by themselves, and before an entry that they fit. */
import { isDeepStrictEqual } from 'node:util';
import { readPax } from '../../../packages/core/src/containers/tar/pax.ts';
import { gzip } from '../../support/gzip.ts';
import { pkg } from '../../support/pkg.ts';
import { entry, pax } from '../../support/tar.ts';
import { inspectInPieces, must } from './invariants.ts';

const MAX_CONTENT = 2048;

/** The first byte says whether the header is a global one, the second in which pieces it is read. */
function tarOf(data: Buffer): Buffer {
  const body = data.subarray(2);
  const { path, size = 0 } = readPax(body, () => undefined).overrides;
  const name = (path ?? Buffer.from('package/pax.js')).subarray(0, 99);
  const content = Buffer.alloc(Math.min(size, MAX_CONTENT), 'x');
  return pkg({
    entries: [pax(body, { global: (data[0] ?? 0) % 2 === 1 }), entry({ name, body: content })],
  });
}

export function archiveOf(data: Buffer): Buffer {
  return gzip(tarOf(data), { level: 0 });
}

export function fuzz(data: Buffer): void {
  checkRecords(data.subarray(2));
  const tar = tarOf(data);
  const tgz = gzip(tar, { level: 0 });
  inspectInPieces({ tgz, tar }, [1 + (data[1] ?? 0)]);
}

/** Where nothing is wrong with the records, they are what a plain reading of POSIX makes of them. */
function checkRecords(body: Buffer): void {
  let sound = true;
  const { keys, overrides } = readPax(body, () => void (sound = false));
  if (!sound) return;
  const records = plainRecords(body);
  const named = new Map(records);
  const size = named.get('size');
  must('pax-keys', isDeepStrictEqual(keys, [...named.keys()]), JSON.stringify(keys));
  must('pax-path', overrides.path?.toString('latin1') === named.get('path'), 'path');
  must('pax-linkpath', overrides.linkpath?.toString('latin1') === named.get('linkpath'), 'link');
  must('pax-size', String(overrides.size) === String(size), `${overrides.size}, not ${size}`);
}

/** Keys in UTF-8, values as latin1. */
function plainRecords(body: Buffer): [string, string][] {
  const records: [string, string][] = [];
  let rest = body.toString('latin1');
  while (rest !== '') {
    const length = Number.parseInt(rest, 10);
    const record = rest.slice(0, length);
    const [, key, value] = /^[1-9]\d* ([^=]+)=([^]*)\n$/.exec(record) ?? [];
    must('pax-form', key !== undefined && value !== undefined, JSON.stringify(record));
    records.push([Buffer.from(key ?? '', 'latin1').toString(), value ?? '']);
    rest = rest.slice(length);
  }
  return records;
}
