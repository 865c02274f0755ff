/** Module zips as go writes them: deflated, sizes behind the data, made on no system in particular. */
import { createHash } from 'node:crypto';
import { goModuleHash } from '@tarwarden/core';
import { zip, type ZipEntry, type ZipOptions } from '../zip.ts';
import type { Bytes } from '../tar.ts';

export interface ModuleOptions {
  /** `module@version`. */
  readonly module: string;
  /** Files by path below the folder; a go.mod and one Go file unless given. */
  readonly files?: Readonly<Record<string, Bytes>>;
  /** Entries after the files, whole as they are. */
  readonly entries?: readonly ZipEntry[];
  readonly zip?: ZipOptions;
}

/** An entry as archive/zip of Go makes it. */
export function goEntry(name: Bytes, body: Bytes, more: Partial<ZipEntry> = {}): ZipEntry {
  return { name, body, method: 8, flags: 0, descriptor: true, madeBy: 0, mode: 0, ...more };
}

/** Files of a small package that compiles: `Word` is what it says. */
export function moduleFiles(path: string, word = 'clean'): Record<string, string> {
  const name = path.split('/').at(-1)!.replaceAll(/\W/g, '');
  return {
    'go.mod': `module ${path}\n\ngo 1.21\n`,
    [`${name}.go`]: `package ${name}\n\nconst Word = ${JSON.stringify(word)}\n`,
  };
}

export function moduleZip({ module, files, entries = [], zip: how = {} }: ModuleOptions): Buffer {
  const path = module.slice(0, module.lastIndexOf('@'));
  const own = Object.entries(files ?? moduleFiles(path)).map(([name, body]) =>
    goEntry(`${module}/${name}`, body),
  );
  return zip([...own, ...entries], how);
}

/** The lines of go.sum that pin a module. */
export function goSum(module: string, bytes: Uint8Array = moduleZip({ module })): string {
  const at = module.lastIndexOf('@');
  const [path, version] = [module.slice(0, at), module.slice(at + 1)];
  const sha256 = (text: string) => createHash('sha256').update(text);
  const mod = sha256(moduleFiles(path)['go.mod']!).digest('hex');
  const modHash = sha256(`${mod}  go.mod\n`).digest('base64');
  return `${path} ${version} ${goModuleHash(bytes)}\n${path} ${version}/go.mod h1:${modHash}\n`;
}
