import { createHash } from 'node:crypto';

/** What one file of an unpacked package is. */
export interface UnpackedFile {
  /** SHA-256 of its content, hex. */
  readonly sha256: string;
  /** Whether its owner may execute it. */
  readonly executable: boolean;
}

/** Files of an unpacked package by their path below the first folder. Folders are not listed: extractors make them as needed. */
export type FileMap = ReadonlyMap<string, UnpackedFile>;

/** An extractor that reads a whole `.tgz`; throws where it refuses it. */
export interface Oracle {
  readonly name: string;
  readonly read: (tgz: Buffer) => FileMap | Promise<FileMap>;
}

/** Gathers a {@link FileMap}; a later entry of the same path replaces an earlier one, as on disk. */
export class FileMapBuilder {
  readonly files: Map<string, UnpackedFile> = new Map();

  /** @param name The whole path as the extractor tells it. */
  file(name: string, mode: number | undefined, content: Uint8Array): void {
    this.digest(name, mode, sha256(content));
  }

  digest(name: string, mode: number | undefined, digest: string): void {
    this.files.set(belowTop(name), { sha256: digest, executable: ((mode ?? 0) & 0o100) !== 0 });
  }

  /** An entry that is neither file nor folder shows up as one no other extractor has. */
  other(name: string, type: string): void {
    this.files.set(`${belowTop(name)} (${type})`, { sha256: '', executable: false });
  }
}

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function belowTop(name: string): string {
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .slice(1)
    .join('/');
}

/** The same files, none of them executable. */
export function withoutModes(map: FileMap): FileMap {
  return new Map([...map].map(([path, { sha256 }]) => [path, { sha256, executable: false }]));
}

/** How two maps differ, one line a path; empty where they are equal. */
export function differences(one: FileMap, other: FileMap): string[] {
  const lines: string[] = [];
  for (const path of new Set([...one.keys(), ...other.keys()])) {
    const a = shown(one.get(path));
    const b = shown(other.get(path));
    if (a !== b) lines.push(`${JSON.stringify(path)}: ${a} and ${b}`);
  }
  return lines;
}

function shown(file: UnpackedFile | undefined): string {
  if (file === undefined) return 'absent';
  return `${file.sha256.slice(0, 12)}${file.executable ? ' executable' : ''}`;
}
