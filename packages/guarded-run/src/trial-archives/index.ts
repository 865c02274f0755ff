/** Archives for trials, built from bytes. Apart from the index, which every guarded client loads: they need node:zlib. */
export { storedZip, type StoredEntry } from './stored-zip.ts';
export { tar, type TarEntry } from './tar.ts';
