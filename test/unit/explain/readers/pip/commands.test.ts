import { describe, expect, it } from 'vitest';
import { commandsOf } from '../../../../../packages/explain/src/readers/pip/wheel.ts';

describe('commandsOf', () => {
  it('names commands of the two sections, and skips comments', () => {
    const lines = [
      '[console_scripts]',
      ' a = m:f',
      '#b = m:f',
      ';c=x',
      '=d',
      'e',
      '[other]',
      'f = m',
    ];
    expect(commandsOf([...lines, '[gui_scripts]', 'g h=m'].join('\n'))).toEqual(['a', 'g h']);
  });

  it('reads a long run of spaces once', () => {
    const line = `a${' '.repeat(1_000_000)}b`;
    expect(commandsOf(`[console_scripts]\n${line}\n${line}=m\n`)).toEqual([line]);
  });
});
