/*
 * Notes about whole installs, beside the verdicts: an install of exactly the same packages under the same circumstances reads one note
 * in place of one verdict for each package.
 *
 * <context folder>/<64 hex digits>.note     a header, the names of the segments, the text of the client's guard, an HMAC-SHA-256
 *
 * The name of a note is an HMAC of the circumstances, and the HMAC at its end covers the name of the folder, its own name and its text, all
 * under the key of this machine. So a note that is changed, renamed, moved to the folder of another policy, or written elsewhere counts
 * as absent. It also counts as absent after a segment that it names was removed, or after a rejection was added to the verdicts.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  readPrivateFile,
  readSegments,
  segmentNames,
  writePrivateFile,
} from './verdict-segments.ts';

/** The note of an install with 100,000 files in pnpm's store has some 13 MB. A longer one is not kept. */
const NOTE_BYTES_MAX = 32 * 1024 * 1024;
/** The most notes in one folder. A note belongs to one project in one state. */
const NOTES_MAX = 16;

const HEADER = Buffer.from('tarwarden note 1\n');
const MAC_BYTES = 32;

export interface NotePlace {
  /** The folder of the context. */
  readonly directory: string;
  /** The key of this machine. */
  readonly key: Buffer;
}

/** The text of the note for these circumstances. Undefined if there is none that holds. Never throws. */
export function readNote(place: NotePlace, circumstances: string): Buffer | undefined {
  const { directory, key } = place;
  const name = noteName(place, circumstances);
  const file = readPrivateFile(join(directory, name), NOTE_BYTES_MAX);
  if (file === undefined || file.length < HEADER.length + MAC_BYTES) return undefined;
  const signed = file.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(file.subarray(-MAC_BYTES), macOf(place, name, [signed]))) return undefined;
  if (!signed.subarray(0, HEADER.length).equals(HEADER)) return undefined;
  const end = signed.indexOf('\n', HEADER.length);
  const noted = signed.toString('latin1', HEADER.length, end).split(' ');
  const now = segmentNames(directory);
  if (!noted.every((segment) => segment === '' || now.includes(segment))) return undefined;
  const added = now.filter((segment) => !noted.includes(segment));
  const { entries } = readSegments(directory, () => key, added);
  for (const value of entries.values()) if (value.includes(REJECTION)) return undefined;
  return signed.subarray(end + 1);
}

/** In every verdict that rejects, as `JSON.stringify` writes it. In the text of a link, the quotes would be escaped. */
const REJECTION = '"status":"reject"';

/**
 * Keeps a note. Other processes see all of it or nothing.
 * @param segments The names of all segments whose verdicts the writer has seen.
 * @throws what the system says if the file cannot be written.
 */
export function writeNote(
  place: NotePlace,
  circumstances: string,
  { segments, text }: { readonly segments: readonly string[]; readonly text: Buffer },
): void {
  const head = Buffer.from(`${segments.join(' ')}\n`, 'latin1');
  if (HEADER.length + head.length + text.length + MAC_BYTES > NOTE_BYTES_MAX) return;
  const { directory } = place;
  const name = noteName(place, circumstances);
  const parts = [HEADER, head, text];
  const bytes = Buffer.concat([...parts, macOf(place, name, parts)]);
  writePrivateFile(join(directory, name), bytes);
  removeOldNotes(directory);
}

function removeOldNotes(directory: string): void {
  const notes = readdirSync(directory)
    .filter((name) => name.endsWith('.note'))
    .map((name) => join(directory, name))
    .map((path) => ({ path, time: lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .toSorted((a, b) => b.time - a.time);
  for (const { path } of notes.slice(NOTES_MAX)) rmSync(path, { force: true });
}

/** The circumstances may contain credentials, so a plain hash of them must not be a file name. */
function noteName({ directory, key }: NotePlace, circumstances: string): string {
  const mac = createHmac('sha256', key).update(`${basename(directory)}\ntarwarden note name 1\n`);
  return `${mac.update(circumstances).digest('hex')}.note`;
}

function macOf({ directory, key }: NotePlace, name: string, parts: readonly Buffer[]): Buffer {
  const mac = createHmac('sha256', key).update(
    `${basename(directory)}\ntarwarden note 1\n${name}\n`,
  );
  for (const part of parts) mac.update(part);
  return mac.digest();
}
