/* Files of another user of this machine that a client finds by itself, and that change the packages it installs or the code it runs. */
import { printable } from '@tarwarden/core/text';
import { fileLayer, readText, type ParsedSettings, type FileText } from './files.ts';
import { problemsFor } from './found-files.ts';
import type { SettingsLayer, Layers } from './layer.ts';
import type { ClientContext } from './where.ts';

/** A file that a client would read, and the settings that it would take from it. */
export interface FoundFile {
  readonly file: string;
  /** The words for a message. Empty if nothing in the file counts. */
  readonly takes: () => readonly string[];
}

/** Words of one file in a message. */
const WORDS_MAX = 10;

/**
 * The message that refuses to start a client, because another user can write a file that it finds by itself, and that changes the packages it
 * installs or the code it runs. Undefined if there is no such file.
 * @param advice The advice for a file that has to stay.
 */
export function strangersFileRefusal(
  client: string,
  files: readonly FoundFile[],
  where: Pick<ClientContext, 'folder' | 'home'>,
  advice = 'move the project to another folder',
): string | undefined {
  const problemOf = problemsFor(where);
  for (const { file, takes } of files) {
    const problem = problemOf(file);
    const words = problem === undefined ? [] : takes().map((word) => printable(word, 60));
    if (words.length === 0) continue;
    const more = words.length > WORDS_MAX ? `, and ${words.length - WORDS_MAX} more` : '';
    return [
      `${client} was not run: ${problem}`,
      `${client} would take from it: ${words.slice(0, WORDS_MAX).join(', ')}${more}`,
      `what to do: remove that file, or ${advice}: one that only you can write to, with no file of another user above it`,
    ].join('\n');
  }
  return undefined;
}

/** A file that counts whatever is in it. */
export function wholeFile(file: string, ...words: readonly string[]): FoundFile {
  return { file, takes: () => words };
}

/** A file that counts if it has a setting that counts, or cannot be read. */
export function settingsFile(
  file: string,
  parse: (text: string) => ParsedSettings,
  counts: (name: string) => boolean,
  readFile: (file: string) => FileText = readText,
): FoundFile {
  const layers = (): SettingsLayer[] => fileLayer(file, 'other-user', parse, readFile);
  return { file, takes: () => layers().flatMap((layer) => namesIn(layer, counts)) };
}

/** The files among layers that belong to another user. */
export function otherUsersFiles(
  layers: Layers,
  counts: (name: string) => boolean,
): readonly FoundFile[] {
  return layers.flatMap((layer) => {
    const origin = layer.origin('');
    return origin.kind === 'file' && origin.author === 'other-user'
      ? [{ file: origin.file, takes: () => namesIn(layer, counts) }]
      : [];
  });
}

function namesIn(
  { values, unreadable }: SettingsLayer,
  counts: (name: string) => boolean,
): string[] {
  if (unreadable !== undefined) return ['settings that tarwarden cannot read'];
  return [...values.keys()].filter(counts);
}
