/* Files of the board's page, which a build collects in one folder. All are read at the start, so that requests open no files. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';

export interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

/** By path: `/static/…`. A name that ends in `.gz` is the compressed file's. */
export function assetsIn(folder: string): ReadonlyMap<string, Asset> {
  const root = join(folder, 'static');
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  const assets = new Map<string, Asset>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const name = relative(folder, file).split(sep).join('/').replace(/\.gz$/, '');
    const type = TYPES[extname(name)];
    if (type !== undefined) assets.set(`/${name}`, { type, bytes: unpacked(file) });
  }
  return assets;
}

function unpacked(file: string): Buffer {
  const bytes = readFileSync(file);
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Bull Board's template of its page. @throws Error if it is missing. */
export function templateIn(folder: string): string {
  return readFileSync(join(folder, 'index.ejs'), 'utf8');
}
