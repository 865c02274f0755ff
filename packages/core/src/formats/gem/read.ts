import { FIELD } from '../../containers/tar/header.ts';
import type { ReportAnomaly } from '../../finding/anomaly.ts';
import type { Field, Layer } from '../../finding/location.ts';
import { type Entry, Typeflag } from '../../containers/entry.ts';
import { TarReader } from '../../containers/tar/reader.ts';
import { MAX_GEM_MEMBERS, type Limits, MAX_GEM_CHECKSUMS_BYTES } from '../../limits.ts';
import { quote } from '../../text/printable.ts';
import { gunzip, isGzip } from '../../containers/gzip/gunzip.ts';
import type { ReadFacts, ReadOptions, ReadSink } from '../format.ts';
import { isTar, readPacked, tarReader } from '../npm-tarball/read.ts';
import { createHash } from 'node:crypto';
import { readYaml, type YamlNode } from '../../metadata/yaml/reader.ts';

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
function headerCheck(
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

/** Files that are in the outer archive of every gem. */
const REQUIRED = ['metadata.gz', 'data.tar.gz'] as const;
const CHECKSUMS = 'checksums.yaml.gz';
const KNOWN: ReadonlySet<string> = new Set(
  [...REQUIRED, CHECKSUMS].flatMap((name) => [name, `${name}.sig`]),
);

/** A file of the outer archive: a view of the gem's bytes, nothing is copied. */
interface Member {
  readonly bytes: Buffer;
  /** Offset of its content in the gem. */
  readonly offset: number;
  readonly entry: Entry;
}

interface Outer {
  readonly metadata: Member | undefined;
  readonly data: Member | undefined;
  readonly checksums: Member | undefined;
}

/** Reads the outer tar of a gem, and checks that it has the files of a gem, each once. */
function readOuter(gem: Buffer, limits: Limits, report: ReportAnomaly): Outer {
  const members = new Map<string, Member>();
  const seenPaths = new Set<string>();
  const odd = (offset: number, detail: string, entry?: Entry): void =>
    report({
      layer: 'gem',
      code: 'gem-member',
      offset,
      detail,
      ...(entry && { entry: entry.path }),
    });
  const reader: TarReader = new TarReader(
    {
      entry(entry) {
        const { path, offset, size } = entry;
        if (!KNOWN.has(path)) odd(offset, `${quote(path)} is not a file of a gem`, entry);
        else if (entry.typeflag !== Typeflag.File)
          odd(offset, `${quote(path)} is not a plain file`, entry);
        else if (seenPaths.has(path)) odd(offset, `${quote(path)} is there twice`, entry);
        else {
          const start = reader.position;
          members.set(path, {
            bytes: gem.subarray(start, start + size),
            offset: start,
            entry,
          });
        }
        seenPaths.add(path);
        return false;
      },
      body: () => undefined,
      anomaly: (anomaly) => report({ ...anomaly, layer: 'gem' }),
      header: headerCheck('gem', report),
    },
    { ...limits, entries: MAX_GEM_MEMBERS },
  );
  reader.push(gem);
  reader.end();
  const whole = (name: string): Member | undefined => {
    const member = members.get(name);
    return member?.bytes.length === member?.entry.size ? member : undefined;
  };
  for (const name of REQUIRED)
    if (!seenPaths.has(name)) odd(reader.position, `${quote(name)} is not there`);
  return {
    metadata: whole('metadata.gz'),
    data: whole('data.tar.gz'),
    checksums: whole(CHECKSUMS),
  };
}

const NOTHING: ReadFacts = { entries: 0, unpackedBytes: 0, complete: false };

/** Reads a gem: a tar with the gemspec, the content and their checksums, each compressed. */
export function readGem(gem: Buffer, sink: ReadSink, options: ReadOptions): ReadFacts {
  // Gems of the oldest format are Ruby code.
  if (!isTar(gem)) {
    const detail = gem.length === 0 ? 'the file is empty' : 'the magic number of tar is not there';
    sink.anomaly({ layer: 'gem', code: 'gem-not-tar', offset: 0, detail });
    return NOTHING;
  }
  const outer = readOuter(gem, options.limits, sink.anomaly);
  const { metadata, data } = outer;
  if (metadata) {
    const { limits } = options;
    const document = small(metadata, limits.manifestBytes, { sink, limits });
    if (document) sink.description?.(document);
  }
  checkChecksums(outer, sink, options.limits);
  return data ? readData(data, sink, options) : NOTHING;
}

function checkChecksums(outer: Outer, sink: ReadSink, limits: Limits): void {
  const { checksums } = outer;
  const report = (code: 'gem-checksum-missing' | 'gem-checksum-mismatch', detail: string): void =>
    sink.anomaly({
      layer: 'gem',
      code,
      detail,
      offset: checksums?.offset ?? 0,
      ...(checksums && { entry: checksums.entry.path }),
    });
  if (checksums === undefined) {
    report('gem-checksum-missing', 'there is no checksums.yaml.gz');
    return;
  }
  const document = small(checksums, MAX_GEM_CHECKSUMS_BYTES, { sink, limits });
  if (document === undefined) return;
  const { wrong, missing } = checkSums(document.toString('utf8'), outer);
  for (const detail of wrong) report('gem-checksum-mismatch', detail);
  for (const file of missing) report('gem-checksum-missing', `${file} has none`);
}

/** The content of a compressed file that is kept whole. Undefined if it cannot be read, which is then reported. */
function small(
  member: Member,
  bytes: number,
  to: { readonly sink: ReadSink; readonly limits: Limits },
): Buffer | undefined {
  const pieces: Buffer[] = [];
  const { complete } = unpack(
    member,
    {
      take: (piece) => pieces.push(Buffer.from(piece)) > 0,
      anomaly: to.sink.anomaly,
    },
    { limits: { ...to.limits, unpackedBytes: Math.min(bytes, to.limits.unpackedBytes) } },
  );
  return complete ? Buffer.concat(pieces) : undefined;
}

function readData(data: Member, sink: ReadSink, options: ReadOptions): ReadFacts {
  const { anomaly } = sink;
  return readPacked(tarReader(sink, options, headerCheck('tar', anomaly)), options, (take) =>
    unpack(data, { take, anomaly }, options),
  );
}

/** Unpacks a file of the gem. Offsets of errors in its compression count in the gem. */
function unpack(
  { bytes, offset, entry }: Member,
  to: { readonly take: (piece: Buffer) => boolean; readonly anomaly: ReportAnomaly },
  { limits, pieceBytes }: ReadOptions,
): ReturnType<typeof gunzip> {
  if (!isGzip(bytes)) {
    to.anomaly({
      layer: 'gem',
      code: 'gem-member',
      offset,
      detail: `${entry.path} is not compressed with gzip`,
      entry: entry.path,
    });
    return { unpackedBytes: 0, complete: false };
  }
  const anomaly: ReportAnomaly = (gunzipAnomaly) =>
    to.anomaly({
      ...gunzipAnomaly,
      layer: 'gem',
      offset: offset + gunzipAnomaly.offset,
      entry: entry.path,
    });
  return gunzip(bytes, { piece: to.take, anomaly }, limits, { pieceBytes });
}

/** Algorithms as RubyGems spells them. It wrote SHA1 until 2018. */
const ALGORITHMS: ReadonlySet<string> = new Set(['SHA1', 'SHA256', 'SHA512']);
/** Algorithms as Ruby 1.9 spelled them: it wrote all checksums as binary. */
const BINARY_KEY = /^!binary "(U0hBMQ==|U0hBMjU2|U0hBNTEy)":/gm;
const HEX = /^[0-9a-f]+$/;
const LIMITS = { values: 50, depth: 3, repeated: 1000 };

/** Compares the checksums in `text` with the files of the gem: errors in them, in words, and the files without a checksum. */
function checkSums(
  text: string,
  { metadata, data }: Outer,
): { wrong: string[]; missing: string[] } {
  const document = readYaml(
    text.replaceAll(BINARY_KEY, (_, key: string) => `${decoded(key)}:`),
    LIMITS,
  );
  const membersByName = new Map([
    ['metadata.gz', metadata],
    ['data.tar.gz', data],
  ]);
  const missing = new Set(membersByName.keys());
  if (!document.ok) return { wrong: [`line ${document.line}: ${document.problem}`], missing: [] };
  const wrong: string[] = document.repeated.map((key) => `${quote(key)} is there twice`);
  for (const { algorithm, file, sum } of sumsOf(document.root, wrong)) {
    const member = membersByName.get(file);
    if (!ALGORITHMS.has(algorithm))
      wrong.push(`${quote(algorithm)} is not an algorithm of RubyGems`);
    else if (!membersByName.has(file)) wrong.push(`${quote(file)} has a checksum`);
    else if (member !== undefined) {
      const actualSum = createHash(algorithm).update(member.bytes).digest('hex');
      if (actualSum !== sum) wrong.push(`the ${algorithm} of ${file} is ${actualSum}`);
      missing.delete(file);
    }
  }
  return { wrong, missing: [...missing] };
}

interface Sum {
  readonly algorithm: string;
  readonly file: string;
  readonly sum: string;
}

function sumsOf(root: YamlNode, wrong: string[]): Sum[] {
  if (root.kind !== 'map' || root.tag !== undefined) {
    wrong.push('they are not a table');
    return [];
  }
  const sums: Sum[] = [];
  for (const [algorithm, files] of root.entries) {
    if (files.kind !== 'map' || files.tag !== undefined) {
      wrong.push(`those of ${quote(algorithm)} are not a table`);
      continue;
    }
    for (const [file, node] of files.entries) {
      const sum = scalarText(node);
      const algorithmText = ALGORITHMS.has(algorithm) ? algorithm : quote(algorithm);
      if (HEX.test(sum)) sums.push({ algorithm, file, sum });
      else wrong.push(`the ${algorithmText} of ${quote(file)} is not in hex`);
    }
  }
  return sums;
}

function scalarText(node: YamlNode): string {
  if (node.kind !== 'scalar') return '';
  if (node.tag === '!binary') return decoded(node.text);
  return node.tag === undefined ? node.text : '';
}

/** Decodes Base64. It skips other characters, so that a checksum with such characters does not match. */
function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1');
}
