import { BRACKET_COMMAND } from './printable.ts';

// Controls, format characters (bidirectional, zero-width, tags), line and paragraph separators, and fillers, which Unicode counts as
// letters and marks.
const INVISIBLE =
  /\u17b4|\u17b5|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2065\u3164\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]/gu;

/**
 * JSON on one line, in which every character that a terminal or an editor would not show is a `\u` escape, and which holds no command
 * for a CI service. A number sign can only be inside a string.
 */
export function escapedJson(value: unknown): string {
  return JSON.stringify(value).replace(INVISIBLE, escapeUnits).replace(BRACKET_COMMAND, '\\u0023');
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let unit = 0; unit < character.length; unit += 1) {
    escaped += `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`;
  }
  return escaped;
}
