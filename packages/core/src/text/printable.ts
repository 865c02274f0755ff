import { MAX_PRINTED_PATH_CHARS, MAX_QUOTED_CHARS } from '../limits.ts';

/** Characters without a width that stay as they are. The agent of Azure does not see them when it looks for a command. */
const UNSEEN = '[\\u034f\\u180b-\\u180f\\ufe00-\\ufe0f]*';

/** A character of `##[` and of `##vso[`. CI services take these in a log for commands. */
export const BRACKET_COMMAND: RegExp = new RegExp(
  `(?<=#${UNSEEN})#(?=${UNSEEN}(?:\\[|[vV]${UNSEEN}[sS]${UNSEEN}[oO]${UNSEEN}\\[))`,
  'g',
);

// C0, DEL, C1, line and paragraph separators, bidirectional controls, zero-width characters, fillers, BOM, tags, lone surrogates.
// Also a character of `::word` at the beginning of a word, which GitHub takes for a command.
const CHARACTERS =
  // oxlint-disable-next-line no-control-regex -- these are the characters to escape
  /\u17b4|\u17b5|[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb]|\udb40[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|(?<!\S):(?=:[a-zA-Z])/;

const UNPRINTABLE = new RegExp(`${CHARACTERS.source}|${BRACKET_COMMAND.source}`, 'g');

/** Printable ASCII without quotes and backslashes. Most names are plain, and a hostile archive may have thousands. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** Matches text that a CI service may take for a command. */
const COMMAND = /##|::/;

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code === 0x0a) return '\\n';
  if (code === 0x0d) return '\\r';
  if (code === 0x09) return '\\t';
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * Makes text from outside safe for a terminal and for one line of a log. Control, bidirectional and zero-width characters become visible
 * escapes, and a text of more than `max` characters is cut and gets `…`.
 */
export function printable(text: string, max: number = MAX_QUOTED_CHARS): string {
  const cut = text.length > max ? `${text.slice(0, max)}…` : text;
  return cut.replace(UNPRINTABLE, escapeCharacter);
}

/** A path from outside, on one line. */
export function printablePath(path: string): string {
  return printable(path, MAX_PRINTED_PATH_CHARS);
}

/** {@link printable} between double quotes, with quotes and backslashes inside escaped. */
export function quote(text: string): string {
  // Cut first, since the rest is never shown.
  const start = text.slice(0, MAX_QUOTED_CHARS + 1);
  if (start.length <= MAX_QUOTED_CHARS && PLAIN.test(start) && !COMMAND.test(start))
    return `"${start}"`;
  return `"${printable(start.replace(/["\\]/g, '\\$&'))}"`;
}

/** A URL or a spec without its credentials: user info, and query values that look like secrets, are masked. */
export function redactUrl(text: string): string {
  return printable(text, 2048)
    .replace(/(\/\/)[^/\s@]*@/g, '$1***@')
    .replace(
      /([?&](?=[^=&\s]*(?:token|key|secret|password|sig|auth|credential))[^=&\s]*=)[^&#\s]*/gi,
      '$1***',
    );
}

/** As one word for a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
