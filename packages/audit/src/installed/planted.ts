/* Files beside packages in `node_modules`. `require('x')` finds `node_modules/x.js`, and a shell finds programs in `.bin`. */
import { join } from 'node:path';
import { isWithin, readBounded, realAsFar } from '@tarwarden/host';

/** A file or folder in `node_modules` that no package manager has put there. */
export interface PlantedFile {
  readonly path: string;
  /** Whether Node or a shell finds it by its name, as a module or a command. */
  readonly isFound: boolean;
}

/** Files that managers, and common tools, keep in `node_modules`. Names that begin with a dot are not modules. */
const KNOWN: readonly RegExp[] = [
  // npm; pnpm; Yarn 1; Yarn 2 and newer; bun
  /^\.(?:package-lock\.json|modules\.yaml|pnpm-workspace-state(?:-v\d+)?\.json|pnpm-lock-verified(?:-.+)?\.json)$/,
  /^\.(?:yarn-integrity|yarn-state\.yml|package-map\.json|yarn-metadata\.json|cache|pnpm|store|bun|bun-cache|ignored|ignored_.+|pnpm-config)$/,
  // tools: caches, clients generated from schemas, and folders of file managers
  /^\.(?:vite|vite-temp|vitest|vitest-.+|prisma|astro|nx|turbo|parcel-cache|rollup\.cache|rpt2_cache.*|mf|tmp|deno|DS_Store)$/,
];

/** Bytes of a shim. The shims of pnpm 12 have some 5,000. */
const SHIM_BYTES_MAX = 256 * 1024;

/** `"$basedir/../x"`, and with pnpm 12 `"$basedir_abs"/'../x'`. */
const TARGET = /"\$basedir(?:_abs|_win)?"?\/'?(\.\.\/[^"'$`]+)['"]/g;

export function isKnown(name: string): boolean {
  return KNOWN.some((pattern) => pattern.test(name));
}

/** Whether a file in `.bin` is a script by which pnpm starts a file of the project. The text around the path is not compared. */
export function isPnpmShim(path: string, root: string): boolean {
  try {
    const { bytes } = readBounded(path, { bytesMax: SHIM_BYTES_MAX, follow: false });
    const text = bytes?.toString('utf8') ?? '';
    if (!text.startsWith('#!/bin/sh\n')) return false;
    const targets = Array.from(text.matchAll(TARGET), ([, to = '']) => join(path, '..', to));
    return targets.length > 0 && targets.every((target) => isWithin(root, realAsFar(target)));
  } catch {
    return false;
  }
}
