import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  linesToAdd,
  PLUGIN_PATH,
  wiringOf,
  withChecksum,
  withoutWiring,
  withWiring,
} from '../../../../packages/cli/src/commands/init/yarn.ts';

const SUM = 'a'.repeat(128);
const OTHER = 'b'.repeat(128);

function wired(text: string | undefined): string {
  const changed = withWiring(text, SUM);
  if ('cannot' in changed) throw new Error(changed.cannot);
  return changed.text;
}

describe('withWiring', () => {
  it('adds the lines at the end, and keeps comments', () => {
    expect(wired('# ours\nnodeLinker: pnp # for now\n')).toBe(
      `# ours\nnodeLinker: pnp # for now\nplugins:\n  - path: ${PLUGIN_PATH}\n    checksum: ${SUM}\ntarwardenRequired: true\n`,
    );
  });

  it('names the plugin before those that are there', () => {
    expect(wired('plugins:\r\n- a.cjs\r\nx: 1\r\n')).toBe(
      `plugins:\r\n- path: ${PLUGIN_PATH}\r\n  checksum: ${SUM}\r\n- a.cjs\r\nx: 1\r\ntarwardenRequired: true\r\n`,
    );
  });

  it.each([
    ['a list on one line', 'plugins: [a.cjs]\n'],
    ['no list', 'plugins:\n'],
    ['an alias', 'a: &a [x]\nplugins: *a\n'],
    ['a merge of two mappings', 'a: &a\n  b: 1\nc:\n  <<: *a\n'],
    ['a key twice', 'a: 1\na: 2\n'],
    ['the head of a lockfile', '# yarn lockfile v1\na: 1\n'],
    ['a carriage return at its end', 'a: 1\r'],
    ['the end of a document', 'a: 1\n...\n'],
  ])('leaves %s as it is', (_, text) => {
    expect(withWiring(text, SUM)).toEqual({ cannot: expect.any(String) });
  });

  it('keeps a key that objects have a meaning for', () => {
    expect(wired('__proto__:\n  plugins: 1\n')).toMatch(/^__proto__:\n {2}plugins: 1\nplugins:/);
  });
});

/** Documents as people write them: any keys, lists of plugins, comments, line ends, with and without an end. */
const documents = fc
  .record({
    fields: fc.dictionary(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.string()), fc.jsonValue()),
    ),
    plugins: fc.option(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), { nil: undefined }),
    comment: fc.stringMatching(/^[ #\w:-]*$/),
    indent: fc.constantFrom(2, 4),
    indentSeq: fc.boolean(),
    crlf: fc.boolean(),
    mark: fc.boolean(),
    end: fc.constantFrom('', '\n', '\n\n', '\n# end', '\n# end\n'),
  })
  .map(({ fields, plugins, comment, indent, indentSeq, crlf, mark, end }) => {
    const body = stringify(
      { ...fields, ...(plugins && { plugins }) },
      { indent, indentSeq, lineWidth: 0, aliasDuplicateObjects: false },
    );
    const text = `# ${comment}\n${body.trimEnd()}${end}`;
    return (mark ? '\uFEFF' : '') + (crlf ? text.replaceAll('\n', '\r\n') : text);
  });

describe('any .yarnrc.yml', () => {
  it('has every byte of it afterwards, in order, and gets its old bytes back', () => {
    let changes = 0;
    fc.assert(
      fc.property(fc.oneof(documents, fc.string({ unit: 'binary' })), (text) => {
        const changed = withWiring(text, SUM);
        if ('cannot' in changed) return;
        changes++;
        expect(isWithin(text, changed.text)).toBe(true);
        expect(wiringOf(changed.text)).toEqual({ state: 'ours', checksum: SUM });
        expect(withoutWiring(changed.text)).toEqual({ text });
      }),
      { numRuns: 200 },
    );
    expect(changes).toBeGreaterThan(40);
  });
});

/** Whether all of a text is in another, in order. */
function isWithin(text: string, other: string): boolean {
  let at = 0;
  for (const one of other) if (text.startsWith(one, at)) at += one.length;
  return at === text.length;
}

describe('withoutWiring', () => {
  it('tells a file that was made from one that was empty', () => {
    expect(withoutWiring(wired(undefined))).toEqual({ text: undefined });
    expect(withoutWiring(wired(''))).toEqual({ text: '' });
  });

  it('keeps what was written since around the lines', () => {
    const text = `a: 1\n${wired('b: 2\n')}c: 3\n`;
    expect(withoutWiring(text)).toEqual({ text: 'a: 1\nb: 2\nc: 3\n' });
  });

  it.each([
    ['another value', 'tarwardenRequired: true', 'tarwardenRequired: false'],
    ['a comment', 'tarwardenRequired: true', 'tarwardenRequired: true # why'],
    ['another path', `- path: ${PLUGIN_PATH}`, '- path: ./plugin-tarwarden.cjs'],
    ['a further key', '    checksum:', '    spec: x\n    checksum:'],
    ['no setting', 'tarwardenRequired: true\n', ''],
  ])('is refused with %s since', (_, before, after) => {
    const text = wired('a: 1\n').replace(before, after);
    expect(withoutWiring(text)).toEqual({ cannot: expect.any(String) });
    expect(wiringOf(text)).toMatchObject({ state: 'other' });
  });

  it('takes the lines themselves, and not those of a text that look alike', () => {
    const lines = linesToAdd(SUM).map((line) => `  ${line}\n`);
    const before = `a: |\n${lines.join('')}b: 1\n`;
    expect(withoutWiring(wired(before))).toEqual({ text: before });
  });
});

describe('wiringOf', () => {
  it('says what is there', () => {
    expect(wiringOf('')).toEqual({ state: 'none' });
    expect(wiringOf('plugins: [a.cjs]\n')).toEqual({ state: 'none' });
    for (const text of [
      'tarwardenRequired: true\n',
      `plugins: [${PLUGIN_PATH}]\n`,
      `plugins: [${PLUGIN_PATH}]\ntarwardenRequired: true\n`,
      'a: 1\na: 2\n',
    ])
      expect(wiringOf(text)).toEqual({ state: 'other', why: expect.any(String) });
  });
});

describe('withChecksum', () => {
  it('changes the checksum and nothing else', () => {
    const text = wired('plugins:\n  - a.cjs\n# end\n');
    expect(withChecksum(text, SUM, OTHER)).toEqual({ text: text.replace(SUM, OTHER) });
  });

  it('changes nothing where it is not the one that is noted', () => {
    expect(withChecksum(wired('a: 1\n'), OTHER, SUM.replace('a', 'c'))).toEqual({
      cannot: expect.any(String),
    });
  });
});
