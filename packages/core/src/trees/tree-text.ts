/*
 * The text of which a tree digest is the hash. docs/tree-digest.md describes it for other programs.
 *
 *   text    = head *line
 *   head    = "tarwarden-tree 1 " client LF
 *   line    = ("x" / "-") " " sha512 " " path LF      x: somebody may execute the file
 *   sha512  = 128 lower-case hex digits, of the content
 *   path    = the path in the package, in UTF-8, with "/". A backslash is written as "\\", a line feed as "\n", a carriage return
 *             as "\r", and half of a surrogate pair, which UTF-8 does not have, as "\u" and four hex digits
 *
 * The lines are in the order of the bytes of their paths. So no two lists of files have the same text.
 */
import { createHash } from 'node:crypto';
import type { UnpackedFile, UnpackedFiles } from './archive-tree.ts';
import type { TreeClient } from '../finding/tree-client.ts';
import { isTreeClient } from './clients.ts';

const HEAD = 'tarwarden-tree 1 ';
const LINE = /^([x-]) ([0-9a-f]{128}) (.+)$/;
const TREE_DIGEST = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** With the flag `u`, the class `Cs` matches only halves of surrogate pairs. */
const ESCAPED = /[\\\n\r]|\p{Cs}/gu;
const ESCAPE = /\\(?:[\\nr]|u[0-9a-f]{4})/g;

/** The list of files whose hash is the tree digest. */
export function treeText(client: TreeClient, files: UnpackedFiles): string {
  const lines = [...files].map(([path, { sha512, executable }]) => {
    const escaped = path.replace(ESCAPED, escapedCharacter);
    return { order: bytesOf(escaped), line: `${executable ? 'x' : '-'} ${sha512} ${escaped}\n` };
  });
  lines.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
  return `${HEAD}${client}\n${lines.map(({ line }) => line).join('')}`;
}

/** The tree digest of a package for a client, as `sha512-<base64>`. */
export function treeDigest(client: TreeClient, files: UnpackedFiles): string {
  return digestOfTreeText(treeText(client, files));
}

/** The tree digest that belongs to a {@link treeText}. */
export function digestOfTreeText(text: string): string {
  return `sha512-${createHash('sha512').update(text).digest('base64')}`;
}

/** Whether a text has the form of a tree digest. */
export function isTreeDigest(text: string): boolean {
  return TREE_DIGEST.test(text);
}

/** Reads a {@link treeText}. Undefined if it is not one that this program writes. */
export function readTreeText(
  text: string,
): { readonly client: TreeClient; readonly files: UnpackedFiles } | undefined {
  const [head = '', ...lines] = text.split('\n');
  const client = head.slice(HEAD.length);
  if (!head.startsWith(HEAD) || !isTreeClient(client) || lines.pop() !== '') return undefined;
  const files = new Map<string, UnpackedFile>();
  for (const line of lines) {
    const [, kind, sha512, escaped] = LINE.exec(line) ?? [];
    if (sha512 === undefined || escaped === undefined) return undefined;
    files.set(escaped.replace(ESCAPE, unescapedCharacter), { sha512, executable: kind === 'x' });
  }
  return { client, files };
}

function escapedCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function unescapedCharacter(escape: string): string {
  if (escape === '\\\\') return '\\';
  if (escape === '\\n') return '\n';
  if (escape === '\\r') return '\r';
  return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
}

/** A text whose order as UTF-16 is the order of the UTF-8 bytes of `text`. */
function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
