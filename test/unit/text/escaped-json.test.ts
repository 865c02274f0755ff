import { describe, expect, it } from 'vitest';
import { escapedJson } from '../../../packages/core/src/text/escaped-json.ts';
import { printable } from '../../../packages/core/src/text/printable.ts';
import { logCommands } from '../../support/log-commands.ts';

describe('escapedJson', () => {
  it('leaves what is shown as it is', () => {
    expect(escapedJson({ a: ['é', '\u{1f600}', 1, null] })).toBe('{"a":["é","\u{1f600}",1,null]}');
  });

  // The Hangul filler is a letter to Unicode.
  it('escapes a filler, and says the same', () => {
    expect(escapedJson('a\u3164b')).toBe(String.raw`"a\u3164b"`);
    expect(JSON.parse(escapedJson('a\u3164b'))).toBe('a\u3164b');
  });

  it.each(['##vso[task.complete]x', 'a ##[add-path]x', '#\uFE0F#vso[x]'])(
    'holds no command for a CI service, and says the same: %s',
    (text) => {
      expect(escapedJson(text)).toContain(String.raw`\u0023`);
      expect(JSON.parse(escapedJson(text))).toBe(text);
      expect(logCommands(escapedJson({ text }))).toEqual([]);
    },
  );

  it('leaves nothing that a line of a report would escape', () => {
    const left: string[] = [];
    for (let code = 0; code <= 0xe0fff; code += 1) {
      const character = String.fromCodePoint(code);
      const json = escapedJson(character);
      if (printable(json) !== json || JSON.parse(json) !== character) left.push(code.toString(16));
    }
    expect(left).toEqual([]);
  });
});
