/** The files of a wheel that are read. */
import { describe, expect, it } from 'vitest';
import {
  readEntryPoints,
  readRecord,
} from '../../../packages/core/src/formats/wheel/wheel-package.ts';
import {
  MAX_ENTRY_POINTS,
  MAX_RECORD_LINES,
  MAX_RECORD_VALUE_CHARS,
} from '../../../packages/core/src/limits.ts';

describe('readRecord', () => {
  const of = (text: string): ReturnType<typeof readRecord> => readRecord(Buffer.from(text));

  it('reads lines with and without quotes, of any line end', () => {
    expect(of('a,sha256=x,1\r\n"b,""c""",,\n\nd,,2')).toEqual({
      lines: [
        { path: 'a', hash: 'sha256=x', size: '1' },
        { path: 'b,"c"', hash: '', size: '' },
        { path: 'd', hash: '', size: '2' },
      ],
    });
  });

  it.each([
    ['two values', 'a,b\n'],
    ['four values', 'a,b,c,d\n'],
    ['one value', 'a\n'],
    ['a quote that does not end', '"a,b,c\n'],
    ['text behind a quote', '"a"b,c,d\n'],
    ['a value that is too long', `${'a'.repeat(MAX_RECORD_VALUE_CHARS + 1)},,\n`],
    ['a quoted value that is too long', `"${'a'.repeat(MAX_RECORD_VALUE_CHARS + 1)}",,\n`],
  ])('stops at %s', (_title, line) => {
    expect(of(`x,,\n${line}y,,\n`)).toEqual({
      lines: [{ path: 'x', hash: '', size: '' }],
      wrong: 'line 2 is not three values',
    });
  });

  it.each(['a,,\n', '\n'])('reads no more lines %j than the limit', (line) => {
    const { wrong } = of(line.repeat(MAX_RECORD_LINES + 1));
    expect(wrong).toBe(`it has more than ${MAX_RECORD_LINES} lines`);
  });
});

describe('readEntryPoints', () => {
  const of = (text: string): ReturnType<typeof readEntryPoints> =>
    readEntryPoints(Buffer.from(text));

  it('reads the commands alone', () => {
    const text =
      '# x\n[console_scripts]\na = b:c\n\n[gui_scripts]\r\nd=e:f [x]\n[other]\nno = 1\nx\n';
    expect(of(text)).toEqual({
      scripts: [
        { name: 'a', value: 'b:c' },
        { name: 'd', value: 'e:f [x]' },
      ],
    });
  });

  it.each([
    ['a = b:c\n', 'a line comes before the first group'],
    ['[console_scripts]\nx\n', 'a line of commands has no `=`'],
    [
      `[console_scripts]\n${'a=b:c\n'.repeat(MAX_ENTRY_POINTS + 1)}`,
      `it has more than ${MAX_ENTRY_POINTS} commands`,
    ],
  ])('stops at what is none: %#', (text, wrong) => {
    expect(of(text).wrong).toBe(wrong);
  });
});
