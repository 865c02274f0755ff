import { DEFAULT_LIMITS } from '@tarwarden/core';

import {
  MAX_ARCHIVE_FILE_BYTES,
  MAX_COMPONENT_BYTES,
  MAX_EXTENDED_HEADER_BYTES,
  MAX_PAX_RECORDS,
  MAX_ZERO_TAIL,
} from '../../packages/core/src/limits.ts';
import { STRICT, type Survey } from './look.ts';
import type { Measures } from './measure.ts';

const MARK = /(<!-- survey -->\n)[^]*?(?=<!-- end of the survey -->)/;

/** The page with the survey's tables between its marks. */
export function fillPage(page: string, result: Survey, manifest?: string): string {
  if (!MARK.test(page)) throw new Error('the page has no marks for the tables');
  return page.replace(MARK, (_all, mark: string) => `${mark}\n${tables(result, manifest)}\n`);
}

const LIMITS: Readonly<Record<keyof Measures, readonly [what: string, limit: number | undefined]>> =
  {
    archiveBytes: ['bytes of the file', MAX_ARCHIVE_FILE_BYTES],
    unpackedBytes: ['unpacked bytes', DEFAULT_LIMITS.unpackedBytes],
    ratio: ['unpacked bytes for each byte of the file', DEFAULT_LIMITS.ratio],
    entries: ['entries', DEFAULT_LIMITS.entries],
    depth: ['components of a path', DEFAULT_LIMITS.depth],
    pathBytes: ['bytes of a path', DEFAULT_LIMITS.pathBytes],
    componentBytes: ['bytes of a component', MAX_COMPONENT_BYTES],
    manifestBytes: ['bytes of package.json', DEFAULT_LIMITS.manifestBytes],
    extendedBytes: ['bytes of an extended header', MAX_EXTENDED_HEADER_BYTES],
    records: ['records of a PAX header', MAX_PAX_RECORDS],
    zeroTail: ['zeros behind the end of the tar', MAX_ZERO_TAIL],
    behindGzip: ['bytes behind the gzip member', undefined],
  };

export function tables(result: Survey, manifest = 'package.json'): string {
  const { archives, names, bytes, rejected, strict, missing } = result;
  const rules = Object.values(result.rules).toSorted(
    (a, b) =>
      Number(b.level === 'error') - Number(a.level === 'error') ||
      b.archives - a.archives ||
      (a.rule < b.rule ? -1 : 1),
  );
  return [
    `${number(archives)} tarballs of ${number(names)} names, ${number(Math.round(bytes / 1e6))} MB; ${rejected} rejected, ${number(strict)} under the preset [${STRICT}](presets.md)${missing.length === 0 ? '' : `; ${missing.length} of the list no longer to be had`}.`,
    '',
    '| rule | level | archives | of all | examples |',
    '| --- | --- | --- | --- | --- |',
    ...rules.map(
      ({ rule, level, archives: found, examples }) =>
        `| [${rule}](rules/${rule}.md) | ${level} | ${number(found)} | ${percent(found / archives)} | ${examples.join(', ')} |`,
    ),
    '',
    'Every other rule found nothing.',
    '',
    '| limit | default | largest seen | in |',
    '| --- | --- | --- | --- |',
    ...(Object.keys(LIMITS) as (keyof Measures)[]).map((key) => {
      const [what, limit] = LIMITS[key];
      const seen = result.largest[key];
      return `| ${what.replace('package.json', manifest)} | ${limit === undefined ? '' : number(limit)} | ${seen === undefined ? '' : number(Math.ceil(seen.value))} | ${seen === undefined || seen.value === 0 ? '' : seen.id} |`;
    }),
    '',
  ].join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(share: number): string {
  const value = 100 * share;
  return value < 0.01 ? '< 0.01 %' : `${value.toFixed(2)} %`;
}
