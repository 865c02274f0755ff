/** Gems whose gemspec or content was changed, with checksums that fit again: inputs that come past the first checks. */
import { gunzipSync } from 'node:zlib';
import { cleanGems } from '../support/attacks/gem.ts';
import { gemOf } from '../support/gem.ts';
import { gzip } from '../support/gzip.ts';
import { mutateTar } from './mutate.ts';
import { Random } from './random.ts';

const BLOCK = 512;

interface Parts {
  readonly metadata: string;
  readonly data: Buffer;
}

const seeds: readonly Parts[] = cleanGems.map(({ bytes }) => ({
  metadata: unpacked(bytes, 'metadata.gz').toString('utf8'),
  data: unpacked(bytes, 'data.tar.gz'),
}));

/** Lines of all gemspecs, of which some are put where others were. */
const LINES = [...new Set(seeds.flatMap(({ metadata }) => metadata.split('\n')))];

/** What means something in YAML, in some place. */
const PIECES: readonly string[] = [
  ...`:-?,[]{}#&*!|>'"%@\`~=<.+\\/\t \n01xyeonT_`.split(''),
  ': ',
  ' #',
  '- ',
  ' - ',
  '  ',
  '\n  ',
  '\n\n',
  '---',
  '...',
  '<<: ',
  '|-',
  '|+',
  '>-',
  '|2-',
  '&a ',
  '*a',
  '! ',
  '!str ',
  '!binary ',
  '!!str ',
  '!ruby/object:Gem::Version',
  '!ruby/object:Gem::Requirement',
  '[]',
  '{}',
  'null',
  'true',
  'no',
  'yes',
  '1.0',
  '1_0',
  '0x1f',
  '12:30',
  '.inf',
  '2020-01-01',
  '2020-01-01 00:00:00 Z',
  ':runtime',
  '\\n',
  '\\x41',
  '\\u00e9',
  "''",
  '\u00e9',
  '\u00a0',
  '\u0085',
  '\u2028',
  '\u{1f600}',
  '\ufeff',
  '~root/x',
  '../x',
  'name: evil',
  'a: b',
  '? a',
];

/** The gem of one round: the same for the same seed and round. */
export function gemInput(seed: number, round: number): Buffer {
  const random = new Random(
    Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(round, 0xc2b2ae35),
  );
  const { metadata, data } = random.pick(seeds);
  const inContent = random.chance(4);
  return gemOf({
    metadata: inContent ? metadata : changed(metadata, random),
    data: gzip(inContent ? mutateTar(data, random) : data),
  });
}

/** A changed copy of a gemspec, by one to four changes. */
export function changed(document: string, random: Random): string {
  let text = document;
  for (let count = 1 + random.int(4); count > 0; count--) text = change(text, random);
  return text;
}

function change(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.int(lines.length);
  const line = lines[at]!;
  const column = random.int(line.length + 1);
  const piece = random.pick(PIECES);
  switch (random.int(9)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, random.pick(LINES));
      break;
    case 2:
      lines[at] = random.pick(LINES);
      break;
    case 3:
      lines[at] = line.slice(0, column) + piece + line.slice(column);
      break;
    case 4:
      lines[at] = line.slice(0, column) + line.slice(column + 1 + random.int(3));
      break;
    case 5:
      lines[at] = random.chance(2) ? ` ${line}` : line.replace(/^ /, '');
      break;
    case 6:
      lines[at] = line.replace(/(: ?|- )[^:]*$/, (_, mark: string) => mark + piece);
      break;
    case 7:
      // A value over several lines, in one of the styles.
      lines[at] = `${line}${random.pick(['', ' '])}${piece}\n${' '.repeat(random.int(6))}${piece}`;
      break;
    default:
      lines.splice(at, 0, lines[random.int(lines.length)]!);
  }
  return lines.join('\n');
}

function unpacked(gem: Buffer, member: string): Buffer {
  for (let at = 0; at + BLOCK <= gem.length;) {
    const size = Number.parseInt(gem.toString('latin1', at + 124, at + 135), 8);
    if (gem.toString('latin1', at, at + 100).startsWith(`${member}\0`))
      return gunzipSync(gem.subarray(at + BLOCK, at + BLOCK + size));
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new RangeError(`no ${member}`);
}
