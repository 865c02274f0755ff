import { describe, expect, test } from 'vitest';
import { wrapped } from '../../../packages/core/src/text/wrap.ts';

describe('wrapped', () => {
  test('leaves a line that fits', () => {
    expect(wrapped({ label: '  to do:  ', prose: 'nothing' }, 80)).toEqual(['  to do:  nothing']);
  });

  test('sets further lines below the prose of the first', () => {
    expect(wrapped({ label: '  to do:  ', prose: 'word '.repeat(12).trim() }, 40)).toEqual([
      '  to do:  word word word word word word',
      '          word word word word word word',
    ]);
  });

  test('never cuts quoted text, in which a space counts', () => {
    const quoted = `"${'a b '.repeat(12)}\\" c"`;
    expect(
      wrapped({ label: '  reason: ', prose: `it is called ${quoted}, which is odd` }, 40),
    ).toEqual([`  reason: it is called ${quoted},`, '          which is odd']);
  });

  test('takes no room for colours, and none away from a word that fits nowhere', () => {
    const digest = 'a'.repeat(128);
    expect(wrapped(`  sha512 ${digest}`, 80)).toEqual([`  sha512 ${digest}`]);
    const bold = `\u001B[1m${'x'.repeat(38)}\u001B[22m`;
    expect(wrapped(`${bold} y`, 40)).toEqual([`${bold} y`]);
  });

  test('leaves prose alone where there is no room for it', () => {
    const line = 'word '.repeat(30).trim();
    expect(wrapped(line, 20)).toEqual([line]);
  });
});
