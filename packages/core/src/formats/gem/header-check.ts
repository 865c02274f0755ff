import { FIELD } from '../../containers/tar/header.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { Field, Layer } from '../../finding/location.ts';

/** Types of PAX headers, and of GNU headers for long names and link targets. */
const EXTENDED: ReadonlySet<string> = new Set(['x', 'g', 'L', 'K', 'X']);
const OCTAL_FIELDS = ['mode', 'size', 'mtime', 'devmajor', 'devminor'] as const;
/** A number after RubyGems has removed NULs and spaces at the end, and spaces at the beginning. */
const OCTAL = /^[0-7]*$/;
/** Fields that RubyGems takes in binary as well. It reads their last four bytes. */
const OWNERS = ['uid', 'gid'] as const;
const BINARY = new Set([0x80, 0xff]);
const MIN_BINARY_BYTES = 4;
const NUL_OR_SPACE = new Set([0, 0x20]);

/**
 * Checks headers for RubyGems' own reader of tar (package/tar_header.rb). That reader knows no extended headers, takes only octal
 * numbers, and removes spaces at the end of every field.
 */
export function headerCheck(
  layer: Layer,
  report: ReportAnomaly,
): (block: Buffer, at: number, offset: number) => void {
  return (block, at, offset) => {
    const typeflag = String.fromCharCode(block[at + FIELD.typeflag[0]]!);
    if (EXTENDED.has(typeflag))
      report({
        layer,
        code: 'gem-extended-header',
        offset,
        detail: `typeflag "${typeflag}"`,
        field: 'typeflag',
      });
    const odd = (field: Field, detail: string): void =>
      report({ layer, code: 'gem-header', offset, detail, field });
    for (const field of OCTAL_FIELDS)
      if (!isOctal(block, at, FIELD[field])) odd(field, `the ${field} is not in octal`);
    for (const field of OWNERS)
      if (!isOwner(block, at, FIELD[field])) odd(field, `the ${field} is not a number to RubyGems`);
    if (block.indexOf(0, at + FIELD.prefix[0]) < trimmedEnd(block, at, FIELD.prefix))
      odd('prefix', 'bytes follow a NUL in the prefix');
    if (endsInSpace(block, at, FIELD.linkname))
      odd('linkname', 'the target of a link ends in a space');
  };
}

type Range = readonly [from: number, to: number];

/** The end of a field as RubyGems reads it. */
function trimmedEnd(block: Buffer, at: number, [from, to]: Range): number {
  let end = at + to;
  while (end > at + from && NUL_OR_SPACE.has(block[end - 1]!)) end -= 1;
  return end;
}

function isOctal(block: Buffer, at: number, range: Range): boolean {
  return OCTAL.test(
    block.toString('latin1', at + range[0], trimmedEnd(block, at, range)).replace(/^[\0\s]+/, ''),
  );
}

function isOwner(block: Buffer, at: number, range: Range): boolean {
  const start = at + range[0];
  if (!BINARY.has(block[start]!)) return isOctal(block, at, range);
  return trimmedEnd(block, at, range) - start >= MIN_BINARY_BYTES;
}

function endsInSpace(block: Buffer, at: number, range: Range): boolean {
  const end = trimmedEnd(block, at, range);
  return end < at + range[1] && block[end] === 0x20;
}
