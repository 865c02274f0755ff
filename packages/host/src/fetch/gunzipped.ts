import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The unpacked content of a gzip stream. Unlike `compose`, it reports a truncated stream to its reader, not to the process. */
export function gunzipped(packed: Readable): Readable {
  return pipeline(packed, createGunzip(), () => undefined);
}
