/* Reads settings files, and never runs them. If a file cannot be read, its layer says so. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { errnoOf, isMissing } from '@tarwarden/guard/errno';
import { readBounded } from '@tarwarden/guard/read-bounded';
import { type Author, type SettingsLayer, type SettingValues } from './layer.ts';

/** Bytes of a settings file. A larger one is not read. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;

export type FileText =
  | { readonly text: string; readonly unreadable?: undefined }
  | { readonly text?: undefined; readonly unreadable: string }
  | undefined;

/** The text of a file, without a byte order mark. Undefined if the file does not exist. */
export function readText(file: string, bytesMax?: number): FileText {
  const fileText = readWithMark(file, bytesMax);
  return fileText?.text === undefined ? fileText : { text: fileText.text.replace(/^\uFEFF/, '') };
}

/** The package.json of a folder. Empty if it cannot be read: another user may have put one above the project. */
export function readManifest(folder: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(readText(join(folder, 'package.json'))?.text ?? '{}'));
  } catch {
    return {};
  }
}

/** The whole text of a file, for a client that keeps a byte order mark. */
export function readWithMark(file: string, bytesMax: number = FILE_BYTES_MAX): FileText {
  try {
    const { bytes } = readBounded(file, { bytesMax, follow: true });
    if (bytes === undefined) return { unreadable: `${file} is not a regular file, or too large` };
    return { text: bytes.toString('utf8') };
  } catch (error) {
    if (isMissing(error)) return undefined;
    return { unreadable: `${file} cannot be read (${errnoOf(error) ?? 'unknown'})` };
  }
}

/** Settings of a text: with variables replaced, and as they are written. */
export interface ReplacedSettings {
  readonly values: SettingValues;
  readonly written: SettingValues;
}

/** The settings that a parser reads in a text. */
export type ParsedSettings = SettingValues | ReplacedSettings;

/** The layer of one file. Empty if the file does not exist. */
export function fileLayer(
  file: string,
  author: Author,
  parse: (text: string) => ParsedSettings,
  readFile: (file: string) => FileText = readText,
): SettingsLayer[] {
  const fileText = readFile(file);
  if (fileText === undefined) return [];
  const origin = () => ({ kind: 'file', file, author }) as const;
  const hidden = (unreadable: string): SettingsLayer[] => [
    { values: new Map(), origin, unreadable },
  ];
  if (fileText.unreadable !== undefined) return hidden(fileText.unreadable);
  try {
    const parsed = parse(fileText.text);
    return [{ ...('written' in parsed ? parsed : { values: parsed }), origin }];
  } catch {
    return hidden(`${file} is not what its client writes`);
  }
}

/** Resolves the paths among settings. An empty text is no path. */
export function withPaths(
  values: SettingValues,
  isPath: RegExp,
  resolved: (path: string) => string,
): SettingValues {
  return new Map(
    [...values].map(([name, value]) => {
      const isText = typeof value === 'string' && value !== '';
      return [name, isText && isPath.test(name) ? resolved(value) : value];
    }),
  );
}

/** A mapping as it is. Empty for everything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

export function isFile(path: string): boolean {
  return statOf(path)?.isFile() === true;
}

export function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() === true;
}

function statOf(path: string): ReturnType<typeof statSync> {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
