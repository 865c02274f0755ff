import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type FileContent = string | Uint8Array | object;

/** Writes a file and the folders above it, an object as JSON, and gives the path back. */
export function putFile(file: string, content: FileContent = ''): string {
  mkdirSync(dirname(file), { recursive: true });
  const plain = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(file, plain ? content : JSON.stringify(content));
  return file;
}

/** Writes each of these files below the folder. */
export function putFiles(folder: string, files: Readonly<Record<string, FileContent>>): void {
  for (const [path, content] of Object.entries(files)) putFile(join(folder, path), content);
}
