/* Settings files. They are read and never run. A file that cannot be read hides what is in it, and its layer says so. */
import { errnoOf, isMissing } from '@tarwarden/host/errno';
import { readBounded } from '@tarwarden/host/read-bounded';
import type { Author, Layer, Values } from './layer.ts';

/** Bytes of a settings file. A larger one is not read. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

export type Text = { readonly text: string } | { readonly unreadable: string } | undefined;

/** The text of a file, without a byte order mark. Undefined if the file does not exist. */
export function readText(file: string): Text {
  const read = readWithMark(file);
  return read === undefined || 'unreadable' in read
    ? read
    : { text: read.text.replace(/^\uFEFF/, '') };
}

/** The whole text of a file, for a client that does not take a byte order mark away. */
export function readWithMark(file: string): Text {
  try {
    const { bytes } = readBounded(file, { bytesMax: FILE_BYTES_MAX, follow: true });
    if (bytes === undefined) return { unreadable: `${file} is not a regular file, or too large` };
    return { text: bytes.toString('utf8') };
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { unreadable: `${file} cannot be read (${errnoOf(error) ?? 'unknown'})` };
  }
}

/** What a parser makes of a text. `written`: as in the text, where variables are replaced in `values`. */
export type Parsed = Values | { readonly values: Values; readonly written: Values };

/** The layer of one file. Empty if the file does not exist. */
export function fileLayer(
  file: string,
  author: Author,
  parse: (text: string) => Parsed,
  readFile: (file: string) => Text = readText,
): Layer[] {
  const read = readFile(file);
  if (read === undefined) return [];
  const origin = () => ({ kind: 'file', file, author }) as const;
  const hidden = (unreadable: string): Layer[] => [{ values: new Map(), origin, unreadable }];
  if ('unreadable' in read) return hidden(read.unreadable);
  try {
    const parsed = parse(read.text);
    return [{ ...('written' in parsed ? parsed : { values: parsed }), origin }];
  } catch {
    return hidden(`${file} is not what its client writes`);
  }
}

/** A mapping as it is. Empty for everything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
