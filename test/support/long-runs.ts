/** Texts with a long run of one piece in a part of a sample: what a reader does with them shows whether its time is linear. */

/** What a reader may take for the start, the middle or the end of something. */
const PIECES: readonly string[] = [
  ...Array.from('\\/"\'`#@:;,.=-_+*?!&%$|~^<>()[]{} a0\t\n\r\0\u00a0'),
  'a ',
  'a@',
  '@a/',
  'a/',
  'a: ',
  '=a',
  ', ',
  '-a',
  ' #',
  '""',
  "''",
  '\\"',
  '\\\n',
  '[]',
  '{"a":',
  '<a ',
  '<a x="',
  '&#',
  '(a)',
  '\n ',
  '\n- ',
  '${',
  '--hash=',
  '/-/',
  'node_modules/',
  '::',
];

/** Places of a sample in which each piece is tried: others in turn, so that a test stays short. */
const PLACES = 4;

export interface LongRun {
  readonly piece: string;
  readonly text: string;
}

/** The sample with a run in place of a `§`; and runs with nothing around them. */
export function* longRuns(sample: string, chars: number): Generator<LongRun> {
  const parts = sample.split('§');
  const count = parts.length - 1;
  for (const [index, piece] of PIECES.entries()) {
    const run = piece.repeat(Math.ceil(chars / piece.length));
    yield { piece, text: run };
    for (let nth = 0; nth < Math.min(PLACES, count); nth += 1) {
      const at = 1 + ((index + Math.floor((nth * count) / PLACES)) % count);
      yield { piece, text: `${parts.slice(0, at).join('')}${run}${parts.slice(at).join('')}` };
    }
  }
}
